#include "unix_signals.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace sallyport::cli {

namespace {

constexpr std::array Signals = {SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP};

std::array<int, 2> pipeEnds = {-1, -1};

// Only what is allowed in a signal handler.
void onSignal(int number)
{
    const int saved = errno;
    const char byte = static_cast<char>(number);
    [[maybe_unused]] const ssize_t n = ::write(pipeEnds[1], &byte, 1);
    errno = saved;
}

} // namespace

UnixSignals::UnixSignals(std::function<void(int)> came) : m_came(std::move(came))
{
    if (::pipe(pipeEnds.data()) != 0)
        return;
    for (const int end : pipeEnds) {
        ::fcntl(end, F_SETFL, O_NONBLOCK);
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    m_notifier = std::make_unique<QSocketNotifier>(pipeEnds[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &UnixSignals::read);
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int number : Signals)
        ::sigaction(number, &action, nullptr);
}

UnixSignals::~UnixSignals()
{
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    for (const int number : Signals)
        ::sigaction(number, &action, nullptr);
    m_notifier.reset();
    for (int& end : pipeEnds)
        ::close(std::exchange(end, -1));
}

void UnixSignals::read()
{
    std::array<char, 16> numbers;
    const ssize_t n = ::read(pipeEnds[0], numbers.data(), numbers.size());
    for (ssize_t i = 0; i < n; ++i)
        m_came(numbers[static_cast<size_t>(i)]);
}

} // namespace sallyport::cli
