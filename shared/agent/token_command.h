// Runs the program that prints tokens: one at a time, bounded in time and output.
//
// Threads: one with an event loop. Lifetime: shared by the copies of the provider.
#pragma once

#include <sallyport/agent/token_sources.h>

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::agent {

struct PrintedToken
{
    Secret token;
    std::optional<std::chrono::system_clock::time_point> expires;
};

// What the program printed. Fails with a sentence that repeats nothing of it.
Result<PrintedToken, std::string> readPrintedToken(std::string_view output);

class TokenCommand final : public QObject
{
public:
    static constexpr qint64 MaxOutput = 64 * 1024;

    explicit TokenCommand(const config::AgentCredentials& credentials);
    ~TokenCommand() override;

    void ask(const TokenQuestion& question, TokenReady ready);

private:
    struct Question
    {
        TokenQuestion what;
        TokenReady ready;
    };

    void run(Question question);
    void takeOutput();
    void ended();
    void answer(Result<PrintedToken, std::string> result);
    QProcessEnvironment environmentFor(const TokenQuestion& what) const;

    config::AgentCredentials m_config;
    std::unique_ptr<QProcess> m_process; // while one runs
    QTimer m_timeout;
    std::string m_output;
    std::string m_problem;
    std::optional<Question> m_current;
    std::optional<Question> m_next; // the latest that came meanwhile
    std::optional<PrintedToken> m_kept;
};

} // namespace sallyport::agent
