#include "device_port.h"

#include <sallyport/agent/stream_device.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace sallyport::agent {

StreamDevice::StreamDevice(DevicePort& port) : m_port(&port), m_unread(port.input().pool())
{
    open(QIODevice::ReadWrite);
}

StreamDevice::~StreamDevice()
{
    if (m_port)
        std::exchange(m_port, nullptr)->deviceAborted();
}

void StreamDevice::closeWrite()
{
    if (m_port)
        m_port->finishWhenSent();
}

void StreamDevice::abort()
{
    if (!m_port)
        return;
    std::exchange(m_port, nullptr)->deviceAborted();
    QIODevice::close();
}

void StreamDevice::close()
{
    if (DevicePort* port = std::exchange(m_port, nullptr))
        port->deviceClosed();
    m_unread.clear();
    QIODevice::close();
}

const ByteQueue& StreamDevice::input() const
{
    return m_port ? m_port->input() : m_unread;
}

qint64 StreamDevice::bytesAvailable() const
{
    return static_cast<qint64>(input().size()) + QIODevice::bytesAvailable();
}

qint64 StreamDevice::bytesToWrite() const
{
    return m_port ? static_cast<qint64>(m_port->pending()) : 0;
}

bool StreamDevice::canReadLine() const
{
    bool found = QIODevice::canReadLine();
    input().forEachPiece([&found](ByteView piece) {
        found = found || std::memchr(piece.data(), '\n', piece.size()) != nullptr;
        return !found;
    });
    return found;
}

bool StreamDevice::atEnd() const
{
    return m_peerFinished && bytesAvailable() == 0;
}

qint64 StreamDevice::readData(char* data, qint64 maxSize)
{
    ByteQueue& queue = m_port ? m_port->input() : m_unread;
    qint64 done = 0;
    while (done < maxSize && !queue.empty()) {
        const ByteView piece = queue.front();
        const size_t n = std::min(piece.size(), static_cast<size_t>(maxSize - done));
        std::memcpy(data + done, piece.data(), n);
        queue.consume(n);
        done += static_cast<qint64>(n);
    }
    if (m_port && done > 0)
        m_port->consumed(static_cast<size_t>(done));
    return done == 0 && m_peerFinished && maxSize > 0 ? -1 : done;
}

qint64 StreamDevice::writeData(const char* data, qint64 size)
{
    if (!m_port)
        return -1;
    return static_cast<qint64>(
        m_port->send(asBytes(std::string_view(data, static_cast<size_t>(size)))));
}

void StreamDevice::portEnded(ByteQueue unread, bool broken)
{
    m_port = nullptr;
    m_unread = std::move(unread);
    m_peerFinished = true;
    if (broken)
        emit aborted();
}

} // namespace sallyport::agent
