#include "commands/commands.h"
#include "relay.h"

#include <sallyport/observe/qt_messages.h>
#include <sallyport/observe/sinks.h>

#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

#include <QCoreApplication>
#include <QSocketNotifier>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

namespace sallyport::relay {

namespace {

observe::Log makeLog(const config::LogConfig& config)
{
    const observe::Format format = config.format == config::LogFormat::Json ? observe::Format::Json
                                   : observe::standardErrorIsJournal() ? observe::Format::Journal
                                                                       : observe::Format::Text;
    static constexpr observe::Level levels[] = {observe::Level::Debug, observe::Level::Info,
                                                observe::Level::Warning, observe::Level::Error};
    return observe::Log(observe::queuedSink(observe::standardErrorSink()), format,
                        levels[size_t(config.level)]);
}

// Signals arrive as bytes on a socket pair, so that they are handled in the event loop.
int signalSockets[2] = {-1, -1};

void onSignal(int number)
{
    const char byte = char(number);
    [[maybe_unused]] const ssize_t n = ::write(signalSockets[0], &byte, 1);
}

void watchSignals(Relay& relay, QObject& context)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, signalSockets) != 0)
        return;
    auto* notifier = new QSocketNotifier(signalSockets[1], QSocketNotifier::Read, &context);
    QObject::connect(notifier, &QSocketNotifier::activated, &relay, [&relay] {
        std::array<char, 16> numbers;
        const ssize_t n = ::read(signalSockets[1], numbers.data(), numbers.size());
        for (ssize_t i = 0; i < n; ++i) {
            if (numbers[size_t(i)] == SIGHUP)
                relay.reload();
            else
                relay.stop();
        }
    });
    struct sigaction action
    {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaction(number, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

// Every visitor is a descriptor: take as many as the system allows without asking.
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace

int serve(const config::Sources& sources, int& argc, char** argv)
{
    auto config = loadConfig(sources);
    if (!config)
        return Usage;
    raiseDescriptorLimit();
#ifdef SALLYPORT_EPOLL
    QCoreApplication::setEventDispatcher(new net::EpollDispatcher);
#endif
    QCoreApplication application(argc, argv);
    const observe::Log log = makeLog(config->log);
    const observe::QtMessageBridge bridge(log);

    Relay relay(std::move(*config), log);
    QObject::connect(&relay, &Relay::stopped, &application, &QCoreApplication::quit,
                     Qt::QueuedConnection);
    watchSignals(relay, application);
    if (const auto trouble = relay.start()) {
        log.flush();
        std::fprintf(stderr, "sallyport-relay: %s\n", trouble->c_str());
        return Failed;
    }
    if (relay.joinLine()) {
        log.flush();
        std::fprintf(stderr,
                     "This relay had no token, so one was made. Give this line to `sallyport "
                     "login`; it is shown this once:\n");
        std::printf("%s\n", relay.joinLine()->c_str());
        std::fflush(stdout);
    }
    application.exec();
    log.flush();
    return Fine;
}

} // namespace sallyport::relay
