#include "control_peer.h"

#include "control_json.h"
#include "control_requests.h"

#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

#include <algorithm>
#include <utility>

namespace sallyport::control {

namespace {
constexpr size_t PartSize = 512 * 1024;
}

ControlPeer::ControlPeer(ControlServer& server, QLocalSocket* socket)
    : QObject(&server), m_server(server), m_socket(socket)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(server.limits().line + 1);
    connect(m_socket, &QLocalSocket::readyRead, this, &ControlPeer::read);
    connect(m_socket, &QLocalSocket::bytesWritten, this, &ControlPeer::written);
    connect(m_socket, &QLocalSocket::disconnected, this, &QObject::deleteLater);
}

ControlPeer::~ControlPeer()
{
    if (m_beganRecording)
        control()->traffic().setRecording(false);
    m_socket->flush(); // the last that was said
}

void ControlPeer::read()
{
    while (m_socket->canReadLine())
        handle(m_socket->readLine());
    if (m_socket->bytesAvailable() >= m_server.limits().line)
        cut();
}

void ControlPeer::handle(const QByteArray& line)
{
    const QJsonObject request = QJsonDocument::fromJson(line).object();
    Answer answer = answerFor(request["id"]);
    if (m_underWay >= m_server.limits().requests)
        return answer.failed(std::string("too many requests at once"));
    ++m_underWay;
    handleRequest(*this, request, answer);
}

ControlPeer::Answer ControlPeer::answerFor(const QJsonValue& id)
{
    const QPointer<ControlPeer> self(this);
    const auto reply = [self, id](QJsonObject message) {
        if (!self)
            return;
        self->m_underWay = std::max(0, self->m_underWay - 1);
        if (!id.isUndefined())
            message["id"] = id;
        self->send(message);
    };
    Answer answer;
    answer.done = [reply](QJsonObject fields) {
        if (!fields.contains("type"))
            fields["type"] = "done";
        reply(std::move(fields));
    };
    answer.failed = [reply](const agent::Problem& problem) {
        QJsonObject fields{{"type", "error"}};
        json::addProblem(fields, "message", problem);
        reply(fields);
    };
    answer.bytes = [self, id](std::string bytes) {
        if (!self)
            return;
        self->m_parts.push_back({id, std::move(bytes)});
        self->sendParts();
    };
    return answer;
}

void ControlPeer::send(const QJsonObject& message)
{
    if (m_socket->state() != QLocalSocket::ConnectedState)
        return;
    m_socket->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    if (m_socket->bytesToWrite() > m_server.limits().backlog)
        cut();
}

// A piece after the other, as the client reads.
void ControlPeer::sendParts()
{
    while (!m_parts.empty() && m_socket->bytesToWrite() < m_server.limits().events) {
        Parts& parts = m_parts.front();
        if (parts.sent == parts.bytes.size()) {
            answerFor(parts.id).done({});
            m_parts.pop_front();
            continue;
        }
        const std::string_view piece = std::string_view(parts.bytes).substr(parts.sent, PartSize);
        parts.sent += piece.size();
        send({{"type", "part"}, {"id", parts.id}, {"data", json::base64(piece)}});
    }
}

void ControlPeer::written()
{
    sendParts();
    if (m_snapshotDue && m_socket->bytesToWrite() < m_server.limits().events)
        sendSnapshot();
}

void ControlPeer::cut()
{
    m_parts.clear();
    m_socket->abort();
    deleteLater();
}

// ---- Events ----

void ControlPeer::sendSnapshot()
{
    m_snapshotDue = m_socket->bytesToWrite() >= m_server.limits().events;
    if (!m_snapshotDue)
        send({{"type", "snapshot"}, {"snapshot", json::fromSnapshot(control()->snapshot())}});
}

void ControlPeer::setCapture(const inspect::CaptureSettings& settings)
{
    inspect::TrafficSource& source = control()->traffic();
    m_beganRecording = settings.on && (m_beganRecording || !source.isRecording());
    m_wantsNoRecords = !settings.on;
    source.setSettings(settings);
}

void ControlPeer::subscribe(bool traffic)
{
    AgentControl* agent = control();
    sendSnapshot();
    send({{"type", "accounts"}, {"accounts", json::fromAccounts(agent->accounts())}});
    QJsonArray lines;
    for (const LogLine& line : agent->log())
        lines.append(json::fromLogLine(line));
    send({{"type", "log"}, {"lines", lines}});
    if (!std::exchange(m_subscribed, true)) {
        connect(agent, &AgentControl::snapshotChanged, this, &ControlPeer::sendSnapshot);
        connect(agent, &AgentControl::accountsChanged, this, [this, agent] {
            send({{"type", "accounts"}, {"accounts", json::fromAccounts(agent->accounts())}});
        });
        connect(agent, &AgentControl::logged, this, [this](const LogLine& line) {
            send({{"type", "log"}, {"lines", QJsonArray{json::fromLogLine(line)}}});
        });
        connect(agent, &AgentControl::tunnelOpened, this,
                [this](const std::string& ref, const std::vector<std::string>& urls) {
                    QJsonArray list;
                    for (const std::string& url : urls)
                        list.append(json::text(url));
                    send({{"type", "tunnel_opened"}, {"ref", json::text(ref)}, {"urls", list}});
                });
        connect(agent, &AgentControl::upstreamChanged, this,
                [this](const std::string& ref, const std::string& problem) {
                    send({{"type", "upstream_changed"},
                          {"ref", json::text(ref)},
                          {"problem", json::text(problem)}});
                });
        connect(agent, &AgentControl::credentialRefused, this,
                [this](const agent::Problem& reason) {
                    QJsonObject fields{{"type", "credential_refused"}};
                    json::addProblem(fields, "reason", reason);
                    send(fields);
                });
    }
    if (!traffic)
        return;
    inspect::TrafficSource* source = &agent->traffic();
    const auto recording = [this, source] {
        send({{"type", "recording"}, {"on", source->isRecording()}});
    };
    if (!source->isRecording() && !m_wantsNoRecords) {
        m_beganRecording = true;
        source->setRecording(true);
    }
    recording();
    const auto storage = [this, source] {
        send({{"type", "storage"}, {"problem", json::fromStorage(source->storageProblem())}});
    };
    storage();
    if (std::exchange(m_traffic, true))
        return;
    connect(source, &inspect::TrafficSource::storageProblemChanged, this, storage);
    connect(source, &inspect::TrafficSource::recordingChanged, this, recording);
    connect(source, &inspect::TrafficSource::recordsChanged, this,
            [this](const std::vector<inspect::Record>& records) {
                send({{"type", "records"}, {"records", json::fromRecords(records)}});
            });
    connect(source, &inspect::TrafficSource::recordsRemoved, this, [this](inspect::RecordId last) {
        send({{"type", "records_removed"}, {"last", json::number(last)}});
    });
}

} // namespace sallyport::control
