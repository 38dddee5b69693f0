// sallyport-capture-agent: an agent as the desktop app runs it, for the capture row of the
// benchmark. Reads the configuration --config FILE and SALLYPORT_TOKEN; with --capture FOLDER it
// records what passes, with the default settings.
#include <sallyport/agent/agent.h>
#include <sallyport/inspect/local_traffic.h>
#include <sallyport/observe/sinks.h>

#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

using namespace sallyport;

namespace {

std::string option(const QStringList& arguments, const QString& name)
{
    const qsizetype at = arguments.indexOf(name);
    return at < 0 ? std::string() : arguments.value(at + 1).toStdString();
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
#ifdef SALLYPORT_EPOLL
    QCoreApplication::setEventDispatcher(new net::EpollDispatcher);
#endif
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    config::Sources sources;
    sources.file = option(arguments, "--config");
    sources.fileNamed = true;
    sources.environment = config::processEnvironment();
    const auto loaded = config::AgentConfig::load(sources);
    if (!loaded || !loaded->config.token) {
        std::fprintf(stderr, "%s\n", loaded ? "no token" : loaded.error().text().c_str());
        return 2;
    }
    agent::AgentOptions options = agent::optionsFrom(loaded->config);
    options.token = agent::fixedToken(*loaded->config.token);
    options.id = "capture-bench";
    std::unique_ptr<inspect::LocalTraffic> traffic;
    if (const std::string folder = option(arguments, "--capture"); !folder.empty()) {
        inspect::CaptureSettings settings;
        settings.folder = folder;
        const observe::Log log(observe::standardErrorSink(), observe::Format::Text,
                               observe::Level::Info);
        traffic = std::make_unique<inspect::LocalTraffic>(settings, log);
        options.watch = traffic->watcher();
    }
    agent::Agent agent(std::move(options));
    agent.start();
    return QCoreApplication::exec();
}
