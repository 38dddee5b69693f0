// The stream behind a StreamDevice. It outlives the device when the program closed it in peace:
// what was written still has to leave.
//
// Threads: that of the link. Lifetime: its connection's; it tells the device when it goes.
#pragma once

#include <sallyport/agent/stream_device.h>
#include <sallyport/base/byte_queue.h>
#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/link.h>

#include <functional>

namespace sallyport::agent {

class DevicePort final : public net::LinkStream, public net::Retirable
{
public:
    // How long a stream whose device was closed may wait for the visitor's end.
    static constexpr Duration LingerTime = std::chrono::seconds(30);

    DevicePort(net::IoContext& io, std::function<void()> ended);
    ~DevicePort() override;

    // The stream is attached; `early` still holds its credit.
    std::unique_ptr<StreamDevice> makeDevice(ByteView early, bool finished);

    uint64_t bytesIn() const { return m_bytesIn; }
    uint64_t bytesOut() const { return m_bytesOut; }

    // For the device.
    ByteQueue& input() { return m_input; }
    size_t send(ByteView bytes);
    size_t pending() const { return m_output.size(); }
    void finishWhenSent();
    void deviceClosed();
    void deviceAborted();

private:
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override;

    void flush();
    void announceEarly();
    void announceWritten(size_t bytes);
    void dropInput();
    void end(bool broken);

    net::IoContext& m_io;
    std::function<void()> m_onEnd;
    StreamDevice* m_device = nullptr;
    ByteQueue m_input;
    ByteQueue m_output;
    net::Deadline m_linger;
    uint64_t m_bytesIn = 0;
    uint64_t m_bytesOut = 0;
    size_t m_unannounced = 0; // written, and bytesWritten() not emitted yet
    bool m_finishWanted = false;
    bool m_finished = false; // our FIN is on its way
    bool m_ended = false;
};

} // namespace sallyport::agent
