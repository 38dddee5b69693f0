#include "device_port.h"

#include <algorithm>
#include <utility>

namespace sallyport::agent {

DevicePort::DevicePort(net::IoContext& io, std::function<void()> ended)
    : m_io(io),
      m_onEnd(std::move(ended)),
      m_input(io.pool()),
      m_output(io.pool()),
      m_linger(io.deadlines(), [this] {
          reset();
          end(true);
      })
{}

DevicePort::~DevicePort()
{
    m_onEnd = {};
    end(true);
}

std::unique_ptr<StreamDevice> DevicePort::makeDevice(ByteView early, bool finished)
{
    m_input.append(early);
    m_bytesIn += early.size();
    std::unique_ptr<StreamDevice> device(new StreamDevice(*this));
    device->m_peerFinished = finished;
    m_device = device.get();
    if (!early.empty() || finished)
        announceEarly();
    return device;
}

// For what came before the program could connect its slots.
void DevicePort::announceEarly()
{
    StreamDevice* device = m_device;
    QMetaObject::invokeMethod(
        device,
        [device] {
            if (device->bytesAvailable() > 0)
                emit device->readyRead();
            if (device->m_peerFinished && device->m_port)
                emit device->readChannelFinished();
        },
        Qt::QueuedConnection);
}

size_t DevicePort::send(ByteView bytes)
{
    if (m_finishWanted)
        return 0;
    size_t taken = 0;
    if (m_output.empty()) {
        taken = write(bytes);
        announceWritten(taken);
    }
    const size_t room = static_cast<size_t>(StreamDevice::MaxPending) - m_output.size();
    const size_t queued = std::min(bytes.size() - taken, room);
    m_output.append(bytes.subspan(taken, queued));
    return taken + queued;
}

void DevicePort::flush()
{
    while (!m_output.empty()) {
        const size_t taken = write(m_output.front());
        if (taken == 0)
            return;
        m_output.consume(taken);
        announceWritten(taken);
    }
    if (m_finishWanted && !m_finished) {
        m_finished = true;
        finish();
    }
}

// By the event loop: a program that writes from bytesWritten() must not re-enter write().
void DevicePort::announceWritten(size_t bytes)
{
    m_bytesOut += bytes;
    if (!m_device || bytes == 0)
        return;
    if (std::exchange(m_unannounced, m_unannounced + bytes) > 0)
        return;
    StreamDevice* device = m_device;
    QMetaObject::invokeMethod(
        device,
        [device] {
            DevicePort* port = device->m_port;
            if (!port)
                return;
            const size_t written = std::exchange(port->m_unannounced, 0);
            emit device->bytesWritten(static_cast<qint64>(written));
        },
        Qt::QueuedConnection);
}

void DevicePort::finishWhenSent()
{
    m_finishWanted = true;
    flush();
}

void DevicePort::deviceClosed()
{
    m_device = nullptr;
    dropInput();
    m_linger.set(m_io.now() + LingerTime);
    finishWhenSent();
}

void DevicePort::deviceAborted()
{
    m_device = nullptr;
    reset();
    end(true);
}

void DevicePort::dropInput()
{
    consumed(m_input.size());
    m_input.clear();
}

void DevicePort::streamData(ByteView bytes)
{
    m_bytesIn += bytes.size();
    if (!m_device)
        return consumed(bytes.size());
    m_input.append(bytes);
    emit m_device->readyRead();
}

void DevicePort::streamFinished()
{
    if (!m_device)
        return;
    m_device->m_peerFinished = true;
    emit m_device->readChannelFinished();
}

void DevicePort::streamWritable()
{
    flush();
}

void DevicePort::streamReset()
{
    end(true);
}

void DevicePort::streamClosed()
{
    end(false);
}

void DevicePort::end(bool broken)
{
    if (m_ended)
        return;
    m_ended = true;
    m_linger.clear();
    if (StreamDevice* device = std::exchange(m_device, nullptr)) {
        // Bytes that came before a clean end are still the program's to read.
        if (broken)
            m_input.clear();
        device->portEnded(std::move(m_input), broken);
    }
    if (m_onEnd)
        m_onEnd();
}

} // namespace sallyport::agent
