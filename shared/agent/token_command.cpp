#include "token_command.h"

#include <sallyport/jose/json.h>

#include <QDateTime>
#include <QProcessEnvironment>

#include <algorithm>
#include <utility>

namespace sallyport::agent {

namespace {

using std::chrono::system_clock;

constexpr size_t MaxToken = 8 * 1024;
// A token is not used again when it ends so soon.
constexpr auto Spare = std::chrono::seconds(10);

QString text(const std::string& s)
{
    return QString::fromStdString(s);
}

template <typename Items, typename ToString>
QString joined(const Items& items, ToString toString)
{
    QStringList words;
    for (const auto& item : items)
        words.append(toString(item));
    return words.join(u',');
}

bool isToken(std::string_view text)
{
    return !text.empty() && text.size() <= MaxToken &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

Result<PrintedToken, std::string> readPrintedToken(std::string_view output)
{
    const size_t first = output.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return Failure(std::string("it printed nothing"));
    output.remove_prefix(first);
    PrintedToken printed;
    std::string token;
    if (output.front() == '{') {
        const auto json = jose::parseJson(output);
        if (!json)
            return Failure(std::string("it printed JSON that cannot be read"));
        token = json->textOf("token");
        if (const std::string_view expiry = json->textOf("expiry"); !expiry.empty()) {
            const QDateTime time = QDateTime::fromString(
                QString::fromUtf8(expiry.data(), qsizetype(expiry.size())), Qt::ISODate);
            if (!time.isValid())
                return Failure(std::string("its expiry is no time of the form "
                                           "2027-01-31T12:00:00Z"));
            printed.expires =
                system_clock::time_point(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
        }
    } else {
        token = output.substr(0, output.find_first_of("\r\n"));
        while (token.ends_with(' ') || token.ends_with('\t'))
            token.pop_back();
    }
    if (!isToken(token))
        return Failure(std::string("what it printed is no token"));
    printed.token = Secret(std::move(token));
    return printed;
}

TokenCommand::TokenCommand(const config::AgentCredentials& credentials) : m_config(credentials)
{
    m_timeout.setSingleShot(true);
    m_timeout.callOnTimeout(this, [this] {
        m_problem = "it took longer than token_command_timeout";
        m_process->kill();
    });
}

TokenCommand::~TokenCommand()
{
    if (!m_process)
        return;
    m_process->disconnect();
    m_process->kill();
    m_process->waitForFinished(1000);
}

void TokenCommand::ask(const TokenQuestion& question, TokenReady ready)
{
    const bool reusable =
        question.stage == TokenQuestion::Stage::Handshake && question.nonce.empty();
    if (reusable && m_kept && *m_kept->expires > system_clock::now())
        return ready(m_kept->token);
    if (!m_process)
        return run({question, std::move(ready)});
    const auto replaced = std::exchange(m_next, Question{question, std::move(ready)});
    if (replaced)
        replaced->ready(Failure(std::string("a later question took its place")));
}

void TokenCommand::run(Question question)
{
    m_current = std::move(question);
    m_output.clear();
    m_problem.clear();
    m_process = std::make_unique<QProcess>();
    m_process->setProgram(text(m_config.command.front()));
    QStringList arguments;
    for (size_t i = 1; i < m_config.command.size(); ++i)
        arguments.append(text(m_config.command[i]));
    m_process->setArguments(arguments);
    m_process->setProcessEnvironment(environmentFor(m_current->what));
    m_process->setStandardInputFile(QProcess::nullDevice());
    // What it complains about is for its own log: it could hold what must not be shown.
    m_process->setStandardErrorFile(QProcess::nullDevice());
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, [this] { takeOutput(); });
    connect(
        m_process.get(), &QProcess::finished, this, [this] { ended(); }, Qt::QueuedConnection);
    connect(
        m_process.get(), &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) {
                m_problem = "it cannot be run: " + m_process->errorString().toStdString();
                ended();
            }
        },
        Qt::QueuedConnection);
    m_timeout.start(m_config.commandTimeout);
    m_process->start();
}

QProcessEnvironment TokenCommand::environmentFor(const TokenQuestion& what) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // Another credential of the agent's is none of its business.
    environment.remove(QStringLiteral("SALLYPORT_TOKEN"));
    const bool reauth = what.stage == TokenQuestion::Stage::Reauth;
    environment.insert(QStringLiteral("SALLYPORT_STAGE"),
                       reauth ? QStringLiteral("reauth") : QStringLiteral("handshake"));
    environment.insert(QStringLiteral("SALLYPORT_NONCE"), text(what.nonce));
    environment.insert(QStringLiteral("SALLYPORT_NAMES"), joined(what.names, text));
    environment.insert(QStringLiteral("SALLYPORT_HOSTNAMES"), joined(what.hostnames, text));
    environment.insert(QStringLiteral("SALLYPORT_TCP_PORTS"),
                       joined(what.tcpPorts, [](uint16_t port) { return QString::number(port); }));
    return environment;
}

void TokenCommand::takeOutput()
{
    const QByteArray bytes = m_process->readAllStandardOutput();
    if (qint64(m_output.size()) + bytes.size() > MaxOutput) {
        m_problem = "it prints too much";
        m_process->kill();
        return;
    }
    m_output.append(bytes.constData(), size_t(bytes.size()));
}

void TokenCommand::ended()
{
    if (!m_process || !m_current)
        return;
    m_timeout.stop();
    if (m_problem.empty())
        takeOutput();
    if (m_problem.empty() && m_process->exitStatus() != QProcess::NormalExit)
        m_problem = "it crashed";
    if (m_problem.empty() && m_process->exitCode() != 0)
        m_problem = "it ended with exit code " + std::to_string(m_process->exitCode());
    // Not from inside its own signal.
    m_process.release()->deleteLater();
    auto printed = m_problem.empty()
                       ? readPrintedToken(m_output)
                       : Result<PrintedToken, std::string>(Failure(std::move(m_problem)));
    std::fill(m_output.begin(), m_output.end(), '\0');
    answer(std::move(printed));
}

void TokenCommand::answer(Result<PrintedToken, std::string> result)
{
    Question done = std::move(*m_current);
    m_current.reset();
    if (m_next)
        run(std::move(*std::exchange(m_next, std::nullopt)));
    if (!result)
        return done.ready(
            Failure("token_command " + m_config.command.front() + ": " + result.error()));
    if (done.what.nonce.empty() && m_config.commandCache.count() > 0) {
        m_kept = *result;
        const auto end = system_clock::now() + m_config.commandCache;
        m_kept->expires = m_kept->expires ? std::min(*m_kept->expires - Spare, end) : end;
    }
    done.ready(std::move(result->token));
}

TokenProvider tokenFromCommand(const config::AgentCredentials& credentials)
{
    auto command = std::make_shared<TokenCommand>(credentials);
    return [command](const TokenQuestion& question, TokenReady ready) {
        // Whoever asks need not keep the provider until the answer comes.
        command->ask(question, [command, ready = std::move(ready)](Result<Secret, Problem> token) {
            ready(std::move(token));
        });
    };
}

} // namespace sallyport::agent
