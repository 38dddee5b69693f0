#include "control_link.h"

#include "control_json.h"

#include <QJsonDocument>

#include <utility>

namespace sallyport::control {

static constexpr agent::ProblemCode away = agent::ProblemCode::ServiceAway;

ControlLink::ControlLink(const std::string& path, Limits limits) : m_limits(limits)
{
    m_socket.setReadBufferSize(m_limits.line + 1);
    connect(&m_socket, &QLocalSocket::connected, this, &ControlLink::up);
    connect(&m_socket, &QLocalSocket::readyRead, this, &ControlLink::read);
    connect(&m_socket, &QLocalSocket::disconnected, this, &ControlLink::ended);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, &ControlLink::ended);
    // Later, so that the owner can connect to our signals.
    QMetaObject::invokeMethod(
        this, [this, path] { m_socket.connectToServer(QString::fromStdString(path)); },
        Qt::QueuedConnection);
}

ControlLink::~ControlLink()
{
    m_socket.disconnect(this);
}

void ControlLink::request(QJsonObject message, Answered answered)
{
    send(std::move(message), {std::move(answered), {}, {}});
}

void ControlLink::requestBytes(QJsonObject message, BytesAnswered answered)
{
    send(std::move(message), {{}, std::move(answered), {}});
}

void ControlLink::send(QJsonObject message, Waiting waiting)
{
    if (m_ended || m_socket.state() != QLocalSocket::ConnectedState)
        return fail(waiting, {away, "the agent is not reachable right now"});
    const qint64 id = ++m_lastId;
    message["id"] = id;
    const QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
    if (line.size() >= m_limits.request)
        return fail(waiting,
                    std::string("that is too large to be handed to the agent: 3 MB at most"));
    m_waiting.emplace(id, std::move(waiting));
    m_socket.write(line);
}

void ControlLink::read()
{
    while (!m_ended && m_socket.canReadLine())
        handle(QJsonDocument::fromJson(m_socket.readLine()).object());
    if (!m_ended && m_socket.bytesAvailable() >= m_limits.line)
        m_socket.abort();
}

void ControlLink::handle(const QJsonObject& message)
{
    if (!message.contains("id")) {
        emit eventArrived(message);
        return;
    }
    const auto found = m_waiting.find(message["id"].toInteger());
    if (found == m_waiting.end())
        return;
    const QString type = message["type"].toString();
    if (type == "part") {
        found->second.bytes += json::fromBase64(message["data"]);
        if (found->second.bytes.size() <= m_limits.bytes)
            return;
    }
    Waiting waiting = std::move(found->second);
    m_waiting.erase(found);
    if (type == "part")
        return fail(waiting, std::string("the agent's answer is too large"));
    if (type == "error")
        return fail(waiting, json::toProblem(message["message"], message["code"]));
    if (waiting.answered)
        waiting.answered(message);
    else
        waiting.bytesAnswered(std::move(waiting.bytes));
}

void ControlLink::ended()
{
    if (std::exchange(m_ended, true))
        return;
    for (auto& [id, waiting] : std::exchange(m_waiting, {}))
        fail(waiting, {away, "the agent went away before it had answered"});
    emit down();
}

void ControlLink::fail(Waiting& waiting, const agent::Problem& problem)
{
    if (waiting.answered)
        waiting.answered(Failure(problem));
    else
        waiting.bytesAnswered(Failure(problem.text));
}

} // namespace sallyport::control
