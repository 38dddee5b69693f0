// Handler mode: a visitor's connection as a QIODevice.
#include "fake_relay.h"
#include "local_service.h"
#include "net/net_test.h"

#include <QSignalSpy>

using namespace sallyport;
using namespace sallyport::agent;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

namespace {

struct Handling
{
    explicit Handling(net::IoContext& io, const std::string& upstream = {}) : relay(io)
    {
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel(upstream);
        options.tunnels["web"].handler = [this](const IncomingConnection& visitor) {
            last = visitor;
            if (decline)
                return ConnectDecision::decline();
            if (refuse)
                return ConnectDecision::refuse("closed today");
            return ConnectDecision::take(
                [this](std::unique_ptr<StreamDevice> given) { device = std::move(given); });
        };
        agent = std::make_unique<Agent>(std::move(options));
        agent->start();
        if (!runUntil([&] { return relay.idOf("web") != 0; }))
            qFatal("the agent did not come up");
    }
    RelayStream& visit(std::string_view payload = {})
    {
        return relay.last().visit(relay.idOf("web"), payload);
    }
    RelayStream& visitAndTake(std::string_view payload = {})
    {
        RelayStream& stream = visit(payload);
        if (!runUntil([&] { return device != nullptr; }))
            qFatal("the handler was not called");
        return stream;
    }

    FakeRelay relay;
    bool decline = false;
    bool refuse = false;
    IncomingConnection last;
    std::unique_ptr<StreamDevice> device;
    std::unique_ptr<Agent> agent;
};

} // namespace

class TestStreamDevice : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void tellsTheHandlerWhoComes()
    {
        Handling run(m_io);
        run.visitAndTake();
        QCOMPARE(run.last.tunnel, std::string("web"));
        QCOMPARE(run.last.visitor, std::string("203.0.0.7:50123"));
        QCOMPARE(run.last.host, std::string("web.example.com"));
        QCOMPARE(run.last.requestId, std::string("r-1"));
        QVERIFY(!run.last.tls);
    }

    void readsWhatCameWithTheHeaderAndLater()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake("line one\nline");
        QVERIFY(run.device->canReadLine());
        QCOMPARE(run.device->readLine(), QByteArray("line one\n"));
        QVERIFY(!run.device->canReadLine());
        stream.send(" two\n");
        QVERIFY(runUntil([&] { return run.device->canReadLine(); }));
        QCOMPARE(run.device->readAll(), QByteArray("line two\n"));
        QCOMPARE(run.device->bytesAvailable(), qint64(0));
    }

    void saysThatBytesCameWithTheVisitor()
    {
        Handling run(m_io);
        run.visitAndTake("early");
        QSignalSpy readyRead(run.device.get(), &QIODevice::readyRead);
        QVERIFY(runUntil([&] { return readyRead.count() == 1; }));
        QCOMPARE(run.device->readAll(), QByteArray("early"));
    }

    void writesAndSaysWhatWasWritten()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake();
        QSignalSpy written(run.device.get(), &QIODevice::bytesWritten);
        QCOMPARE(run.device->write("hello"), qint64(5));
        QCOMPARE(written.count(), 0); // never inside write()
        QVERIFY(runUntil([&] { return written.count() == 1 && stream.received == "hello"; }));
        QCOMPARE(written[0][0].toLongLong(), 5);
    }

    void endsEachDirectionOnItsOwn()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake("question");
        QSignalSpy finished(run.device.get(), &QIODevice::readChannelFinished);
        stream.finish();
        QVERIFY(runUntil([&] { return finished.count() == 1; }));
        QVERIFY(!run.device->atEnd());
        QCOMPARE(run.device->readAll(), QByteArray("question"));
        QVERIFY(run.device->atEnd());
        run.device->write("answer");
        run.device->closeWrite();
        QVERIFY(runUntil([&] { return stream.closed; }));
        QCOMPARE(stream.received, std::string("answer"));
        QVERIFY(runUntil([&] { return !run.device->isConnected(); }));
        QCOMPARE(run.device->write("late"), qint64(-1));
    }

    void keepsUnreadBytesOfAConnectionThatEnded()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake("unread");
        run.device->closeWrite();
        stream.finish();
        QVERIFY(runUntil([&] { return !run.device->isConnected(); }));
        QCOMPARE(run.device->readAll(), QByteArray("unread"));
        QVERIFY(run.device->atEnd());
    }

    void holdsTheVisitorBackWhenNobodyReads()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake();
        constexpr size_t Much = 8 * 1024 * 1024;
        stream.sendMuch(Much);
        QVERIFY(runUntil([&] { return run.device->bytesAvailable() >= 256 * 1024; }));
        net::test::spin(200);
        QVERIFY(run.device->bytesAvailable() <= 512 * 1024);
        QVERIFY(stream.leftToSend() > 0);
        size_t got = 0;
        QVERIFY(runUntil([&] {
            got += size_t(run.device->readAll().size());
            return got == Much;
        }));
    }

    void takesAtMostItsLimitWhenTheVisitorDoesNotRead()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake();
        stream.reads = false;
        const QByteArray block(64 * 1024, 'x');
        qint64 taken = 0;
        for (int i = 0; i < 1000; ++i) {
            const qint64 n = run.device->write(block);
            taken += n;
            if (n == 0)
                break;
            net::test::spin(1);
        }
        QVERIFY(taken < 4 * 1024 * 1024);
        QVERIFY(run.device->bytesToWrite() <= StreamDevice::MaxPending);
        stream.readOn();
        QVERIFY(runUntil([&] { return qint64(stream.received.size()) == taken; }));
        QCOMPARE(run.device->bytesToWrite(), qint64(0));
    }

    void sendsWhatWasWrittenBeforeCloseEvenWhenDeletedAtOnce()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake();
        const QByteArray answer(400 * 1024, 'x');
        const qint64 taken = run.device->write(answer);
        QVERIFY(taken > 256 * 1024);
        run.device->close();
        run.device.reset();
        QVERIFY(runUntil([&] { return stream.finished; }));
        QCOMPARE(qint64(stream.received.size()), taken);
        stream.finish();
        QVERIFY(runUntil([&] { return stream.closed; }));
    }

    void aDeviceThatIsDeletedUnclosedBreaksTheConnection()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake();
        run.device.reset();
        QVERIFY(runUntil([&] { return stream.broken; }));
        QVERIFY(runUntil([&] { return run.agent->status().tunnels[0].counters.open == 0; }));
    }

    void saysWhenTheVisitorBreaksOff()
    {
        Handling run(m_io);
        RelayStream& stream = run.visitAndTake("x");
        QSignalSpy aborted(run.device.get(), &StreamDevice::aborted);
        stream.reset();
        QVERIFY(runUntil([&] { return aborted.count() == 1; }));
        QVERIFY(!run.device->isConnected());
        QCOMPARE(run.device->readAll(), QByteArray());
    }

    void outlivesItsAgent()
    {
        Handling run(m_io);
        run.visitAndTake("x");
        QSignalSpy aborted(run.device.get(), &StreamDevice::aborted);
        run.agent.reset();
        QCOMPARE(aborted.count(), 1);
        QCOMPARE(run.device->write("y"), qint64(-1));
        run.device.reset();
    }

    void fallsBackToTheUpstreamWhenTheHandlerDeclines()
    {
        LocalService service;
        Handling run(m_io, service.upstream());
        run.decline = true;
        run.visit("hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
    }

    void refusesWhenNobodyTakesTheConnection()
    {
        Handling run(m_io);
        run.decline = true;
        run.visit("hello");
        QVERIFY(runUntil([&] { return run.relay.last().failures.size() == 1; }));
        run.refuse = !(run.decline = false);
        run.visit("hello");
        QVERIFY(runUntil([&] { return run.relay.last().failures.size() == 2; }));
        QCOMPARE(run.relay.last().failures[1].message, std::string("closed today"));
    }
};

SALLYPORT_NET_TEST_MAIN(TestStreamDevice)
#include "tst_stream_device.moc"
