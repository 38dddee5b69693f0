// One visitor's connection as a QIODevice: what a program that takes a tunnel's connections in
// process reads from and writes to.
//
// Sequential and bounded both ways. Bytes that nobody reads stay at the visitor (the stream's
// window closes); write() takes at most MaxPending bytes beyond what has left, says how many it
// took, and bytesWritten() tells when there is room again.
//
// The two directions end on their own: closeWrite() tells the visitor that nothing more comes, and
// readChannelFinished() says that the visitor is done. close() ends ours and drops what still
// comes. abort() breaks the connection off, and so does deleting a device that was not closed. When
// the connection breaks, aborted() is emitted (once), and the device reads and writes nothing more.
//
// Threads: the agent's. Lifetime: the program's, which got it by unique_ptr; it may be deleted at
// any time, also inside its own signals by deleteLater(), and outlive the agent.
#pragma once

#include <sallyport/base/byte_queue.h>

#include <QIODevice>

#include <memory>

namespace sallyport::agent {

class DevicePort;

class StreamDevice final : public QIODevice
{
    Q_OBJECT

public:
    static constexpr qint64 MaxPending = 256 * 1024;

    ~StreamDevice() override;

    void closeWrite();
    void abort();
    // False once the connection ended or broke.
    bool isConnected() const { return m_port != nullptr; }

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;
    qint64 bytesToWrite() const override;
    bool canReadLine() const override;
    bool atEnd() const override;
    void close() override;

signals:
    void aborted();

protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 writeData(const char* data, qint64 size) override;

private:
    friend class DevicePort;
    explicit StreamDevice(DevicePort& port);
    void portEnded(ByteQueue unread, bool broken);
    const ByteQueue& input() const;

    DevicePort* m_port;
    ByteQueue m_unread; // of a connection that ended before everything was read
    bool m_peerFinished = false;
};

} // namespace sallyport::agent
