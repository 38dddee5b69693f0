// Answers HTTP requests in process: no port is opened on this machine.
//
//     SALLYPORT_RELAY=... SALLYPORT_TOKEN=... sallyport-example-handler [PORT]
//
// With a PORT, requests for hosts that begin with "www." are declined, and go to that port instead.
#include "example.h"

#include <QCoreApplication>

#include <memory>
#include <utility>

using namespace sallyport;
using agent::ConnectDecision;
using agent::IncomingConnection;
using agent::StreamDevice;

namespace {

// One visitor. It lives as long as its device and belongs to it.
class Greeting final : public QObject
{
public:
    Greeting(std::unique_ptr<StreamDevice> device, IncomingConnection visitor)
        : m_device(device.release()), m_visitor(std::move(visitor))
    {
        setParent(m_device);
        connect(m_device, &QIODevice::readyRead, this, &Greeting::read);
        connect(m_device, &QIODevice::readChannelFinished, this, &Greeting::end);
        connect(m_device, &StreamDevice::aborted, m_device, &QObject::deleteLater);
    }

private:
    void read()
    {
        while (m_device->canReadLine()) {
            const QByteArray line = m_device->readLine().trimmed();
            if (m_request.isEmpty())
                m_request = line;
            else if (line.isEmpty())
                return answer();
        }
    }

    void answer()
    {
        const QByteArray body = "Hello, " + QByteArray::fromStdString(m_visitor.visitor) +
                                "!\nYou asked " + QByteArray::fromStdString(m_visitor.host) +
                                " for: " + m_request + "\n";
        m_device->write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                        "Content-Length: " +
                        QByteArray::number(body.size()) + "\r\n\r\n" + body);
        end();
    }

    // What was written still leaves after close().
    void end()
    {
        m_device->close();
        m_device->deleteLater();
    }

    StreamDevice* m_device;
    IncomingConnection m_visitor;
    QByteArray m_request;
};

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    auto options = example::optionsFromEnvironment("example-handler");
    if (!options)
        return 2;
    agent::TunnelSpec& hello = options->tunnels["hello"];
    if (argc > 1) {
        const auto upstream = config::Upstream::parse(argv[1], config::TunnelKind::Http);
        if (!upstream)
            return 2;
        hello.config.upstream = *upstream;
    }
    hello.handler = [](const IncomingConnection& visitor) {
        if (visitor.host.starts_with("www."))
            return ConnectDecision::decline();
        return ConnectDecision::take([visitor](std::unique_ptr<StreamDevice> device) {
            new Greeting(std::move(device), visitor); // belongs to its device
        });
    };

    agent::Agent agent(std::move(*options));
    example::narrate(agent);
    agent.start();
    return QCoreApplication::exec();
}
