// A WebSocket echo in process (RFC 6455): every message comes back as it was sent.
//
//     SALLYPORT_RELAY=... SALLYPORT_TOKEN=... sallyport-example-websocket
#include "example.h"

#include <sallyport/wire/http_head.h>
#include <sallyport/wire/websocket.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <QCoreApplication>
#include <QtEndian>

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

using namespace sallyport;
using agent::ConnectDecision;
using agent::IncomingConnection;
using agent::StreamDevice;

namespace {

constexpr qint64 MaxMessage = 64 * 1024 + 16; // with its head

class Echo final : public QObject
{
public:
    explicit Echo(std::unique_ptr<StreamDevice> device) : m_device(device.release())
    {
        setParent(m_device);
        connect(m_device, &QIODevice::readyRead, this, &Echo::read);
        connect(m_device, &QIODevice::bytesWritten, this, &Echo::read);
        connect(m_device, &QIODevice::readChannelFinished, this, &Echo::end);
        connect(m_device, &StreamDevice::aborted, m_device, &QObject::deleteLater);
    }

private:
    enum Opcode : uint8_t { Close = 8, Ping = 9, Pong = 10 };
    struct Frame
    {
        uint8_t firstByte = 0; // FIN and opcode, which the echo repeats
        QByteArray payload;
    };

    void read()
    {
        if (!m_upgraded)
            upgrade();
        // What the visitor does not take holds back what we read: nothing piles up here.
        while (m_upgraded && m_device->isOpen() &&
               m_device->bytesToWrite() < StreamDevice::MaxPending - MaxMessage) {
            const std::optional<Frame> frame = takeFrame();
            if (!frame)
                return;
            answer(*frame);
        }
    }

    void upgrade()
    {
        QByteArray head;
        while (m_device->canReadLine()) {
            m_head += m_device->readLine();
            if (m_head.endsWith("\r\n\r\n"))
                head = std::exchange(m_head, {});
            if (!head.isEmpty() || m_head.size() > 16 * 1024)
                break;
        }
        if (head.isEmpty())
            return;
        const auto parsed = wire::parseRequestHead({head.data(), size_t(head.size())});
        const auto key =
            parsed ? wire::onlyHeader(parsed->headers, "Sec-WebSocket-Key") : std::nullopt;
        if (!key || !wire::hasToken(parsed->headers, "Upgrade", "websocket")) {
            m_device->write("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                            "Connection: close, upgrade\r\nContent-Length: 0\r\n\r\n");
            return end();
        }
        m_device->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                        QByteArray::fromStdString(wire::webSocketAccept(*key)) + "\r\n\r\n");
        m_upgraded = true;
    }

    // Section 5.2. Nothing while the frame is not whole.
    std::optional<Frame> takeFrame()
    {
        const QByteArray head = m_device->peek(8);
        if (head.size() < 2)
            return std::nullopt;
        const qint64 shortSize = head[1] & 0x7f;
        if (!(head[1] & 0x80) || shortSize == 127) { // not masked, or far too large
            end();
            return std::nullopt;
        }
        const qint64 headSize = shortSize == 126 ? 8 : 6;
        if (head.size() < headSize)
            return std::nullopt;
        const qint64 size = shortSize == 126 ? qFromBigEndian<quint16>(head.data() + 2) : shortSize;
        if (m_device->bytesAvailable() < headSize + size)
            return std::nullopt;
        QByteArray bytes = m_device->read(headSize + size);
        std::array<std::byte, 4> mask;
        std::memcpy(mask.data(), bytes.data() + headSize - 4, 4);
        Frame frame{uint8_t(bytes[0]), bytes.mid(headSize)};
        wire::applyMask(
            {reinterpret_cast<std::byte*>(frame.payload.data()), size_t(frame.payload.size())},
            mask, 0);
        return frame;
    }

    void answer(const Frame& frame)
    {
        const uint8_t opcode = frame.firstByte & 0x0f;
        if (opcode == Pong)
            return;
        QByteArray bytes;
        bytes.append(char(opcode == Ping ? 0x80 | Pong : frame.firstByte));
        if (frame.payload.size() < 126) {
            bytes.append(char(frame.payload.size()));
        } else {
            bytes.append(char(126));
            bytes.append(char(frame.payload.size() >> 8));
            bytes.append(char(frame.payload.size() & 0xff));
        }
        m_device->write(bytes + frame.payload);
        if (opcode == Close)
            end();
    }

    void end()
    {
        m_device->close();
        m_device->deleteLater();
    }

    StreamDevice* m_device;
    QByteArray m_head;
    bool m_upgraded = false;
};

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    auto options = example::optionsFromEnvironment("example-websocket");
    if (!options)
        return 2;
    options->tunnels["echo"].handler = [](const IncomingConnection&) {
        return ConnectDecision::take(
            [](std::unique_ptr<StreamDevice> device) { new Echo(std::move(device)); });
    };

    agent::Agent agent(std::move(*options));
    example::narrate(agent);
    agent.start();
    return QCoreApplication::exec();
}
