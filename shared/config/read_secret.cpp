#include <sallyport/config/read_secret.h>

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

namespace sallyport::config {

namespace {

constexpr size_t MaxSecret = 16 * 1024;

// What a terminal was like before its echo went off; put back also when the program is interrupted.
termios before;

void putBackAndDie(int number)
{
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::signal(number, SIG_DFL);
    std::raise(number);
}

class NoEcho
{
public:
    NoEcho()
    {
        if (::tcgetattr(STDIN_FILENO, &before) != 0)
            return;
        m_active = true;
        std::signal(SIGINT, putBackAndDie);
        std::signal(SIGTERM, putBackAndDie);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho()
    {
        if (!m_active)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
        std::fputc('\n', stderr);
    }

private:
    bool m_active = false;
};

std::optional<Secret> readLine()
{
    std::string line;
    char c = 0;
    // One byte at a time: a reader with a buffer of its own would leave copies of the secret.
    while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        if (line.size() == MaxSecret)
            return std::nullopt;
        line.push_back(c);
    }
    if (line.empty())
        return std::nullopt;
    return Secret(std::move(line));
}

} // namespace

bool secretsComeFromATerminal()
{
    return ::isatty(STDIN_FILENO) == 1;
}

std::optional<Secret> readSecretText(size_t limit)
{
    std::string text(limit + 1, '\0'); // once: growing it would leave copies
    size_t size = 0;
    ssize_t n = 1;
    while (n > 0 && size < text.size()) {
        n = ::read(STDIN_FILENO, text.data() + size, text.size() - size);
        if (n > 0)
            size += static_cast<size_t>(n);
    }
    Secret whole(std::move(text)); // wiped whatever comes of it
    if (n < 0 || size > limit)
        return std::nullopt;
    return Secret(whole.reveal().substr(0, size));
}

std::optional<Secret> readSecret(const std::string& prompt)
{
    if (!secretsComeFromATerminal())
        return readLine();
    std::fputs(prompt.c_str(), stderr);
    NoEcho silence;
    return readLine();
}

} // namespace sallyport::config
