#include "dns_asker.h"

#include <sallyport/config/addresses.h>

#include <QRandomGenerator>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

namespace sallyport::certificates {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr auto LookAgain = milliseconds(500);

std::string framed(const std::string& message)
{
    std::string text;
    dns::detail::appendU16(text, unsigned(message.size()));
    return text + message;
}
} // namespace

DnsServer DnsServer::parse(const std::string& text)
{
    const auto endpoint = config::Endpoint::parse(text, 53);
    if (!endpoint)
        return {text, 53};
    return {endpoint.value().host, endpoint.value().port};
}

void DnsAsker::ask(const DnsServer& server, const std::string& message, Done done)
{
    auto* socket = new QTcpSocket(this);
    const auto finish = [socket, done = std::move(done)](Result<std::string, std::string> result) {
        if (socket->property("done").toBool())
            return;
        socket->setProperty("done", true);
        socket->deleteLater();
        done(result);
    };
    const std::string where = server.host + ":" + std::to_string(server.port);
    QObject::connect(socket, &QTcpSocket::connected, socket, [socket, message] {
        socket->write(QByteArray::fromStdString(framed(message)));
    });
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, finish] {
        const QByteArray head = socket->peek(2);
        if (head.size() < 2)
            return;
        const int size = uint8_t(head[0]) << 8 | uint8_t(head[1]);
        if (socket->bytesAvailable() >= size + 2)
            finish(socket->read(size + 2).mid(2).toStdString());
    });
    QObject::connect(
        socket, &QTcpSocket::errorOccurred, socket,
        [socket, finish, where] {
            finish(Failure("the name server " + where +
                           " can't be asked: " + socket->errorString().toStdString()));
        },
        Qt::QueuedConnection);
    QTimer::singleShot(m_timeout, socket, [finish, where] {
        finish(Failure("the name server " + where + " did not answer in time"));
    });
    socket->connectToHost(QString::fromStdString(server.host), server.port);
}

struct DnsAsker::Wait
{
    std::vector<DnsServer> servers; // that have not shown it yet
    std::string name, value;
    steady_clock::time_point until;
    Seen seen;
};

void DnsAsker::waitForText(const std::vector<DnsServer>& servers, const std::string& name,
                           const std::string& value, milliseconds atMost, Seen seen)
{
    auto wait = std::make_shared<Wait>();
    wait->servers = servers;
    wait->name = name;
    wait->value = value;
    wait->until = steady_clock::now() + atMost;
    wait->seen = std::move(seen);
    look(std::move(wait));
}

void DnsAsker::look(std::shared_ptr<Wait> wait)
{
    if (wait->servers.empty())
        return wait->seen(std::nullopt);
    const DnsServer server = wait->servers.back();
    if (steady_clock::now() >= wait->until)
        return wait->seen("the record " + wait->name + " did not appear at " + server.host +
                          " in time");
    const auto id = uint16_t(QRandomGenerator::system()->bounded(65536));
    const std::string question = dns::query(id, wait->name, dns::Type::Txt);
    ask(server, question, [this, wait, question](const Result<std::string, std::string>& got) {
        if (got) {
            const auto answer = dns::parseAnswer(got.value(), question);
            if (answer && std::find(answer.value().texts.begin(), answer.value().texts.end(),
                                    wait->value) != answer.value().texts.end()) {
                wait->servers.pop_back();
                return look(wait);
            }
        }
        QTimer::singleShot(LookAgain, this, [this, wait] { look(wait); });
    });
}

} // namespace sallyport::certificates
