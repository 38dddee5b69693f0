// The system's tables as they were recorded, and what becomes of them.
#include "discovery/linux/proc_net_tcp.h"
#include "discovery/linux/process_table.h"
#include "discovery/linux/sock_diag.h"
#include "discovery/listener_merge.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <string>

using namespace sallyport;
using namespace sallyport::desktop;

namespace {

constexpr std::string_view tcp4 =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n"
    "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 "
    "1065 1 000000002fb8dce9 100 0 0 10 0\n"
    "   1: 00000000:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
    "1066 1 000000002fb8dce9 100 0 0 10 0\n"
    "   2: 020200C0:9544 507100CB:0050 06 00000000:00000000 03:00001464 00000000     0        0 0 "
    "3 0000000057c67d79\n";
constexpr std::string_view tcp6 =
    "  sl  local_address                         remote_address                        st tx_queue "
    "rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000  1000        0 70123 1 0000000000000000 100 0 0 10 0\n";

// As the kernel answered for [::]:33589, for IPv6 alone, and for 127.0.0.1:56755.
const QByteArray diag6Only =
    QByteArray::fromHex("8400000014000200000000007e3d00000a0a00008335000000000000000000000000000000"
                        "0000000000000000000000"
                        "000000000000000000000000030000000000000000000000000000008000000000000000bd"
                        "e06400050008000000000005"
                        "000b000100000008000f00000000000c00150001000000000000000600160012000000");
const QByteArray diag4 = QByteArray::fromHex(
    "7c00000014000200000000007e3d0000020a0000ddb300007f00000100000000000000000000000000000000000000"
    "0000"
    "0000000000000000000000010000000000000000000000000000008000000000000000bbe064000500080000000000"
    "08000f00000000000c00150001000000000000000600160052000000");
const QByteArray diagDone = QByteArray::fromHex("1400000003000200000000007e3d000000000000");

ByteView view(const QByteArray& bytes)
{
    return asBytes({bytes.data(), static_cast<size_t>(bytes.size())});
}

config::IpAddress ip(const char* text)
{
    return config::IpAddress::parse(text).value();
}

OwnedSocket owned(const char* address, uint16_t port, int64_t pid, const char* process,
                  bool v6Only = false)
{
    return {{ip(address), port, static_cast<uint64_t>(pid) * 10, v6Only}, {pid, process, ""}};
}

} // namespace

class TstListenerTables : public QObject
{
    Q_OBJECT

private slots:
    void readsListeningSocketsOfProcNetTcp()
    {
        SocketTable table;
        readProcNetTcp(tcp4, 100, table);
        readProcNetTcp(tcp6, 100, table);
        QCOMPARE(table.sockets.size(), size_t(3));
        QVERIFY(table.sockets[0] == (ListeningSocket{ip("127.0.0.1"), 3000, 1065, false}));
        QVERIFY(table.sockets[1] == (ListeningSocket{ip("0.0.0.0"), 5432, 1066, false}));
        QVERIFY(table.sockets[2] == (ListeningSocket{ip("::1"), 8080, 70123, false}));
        QVERIFY(!table.cutShort);
    }

    void leavesOutLinesOfProcNetTcpThatAreNone()
    {
        SocketTable table;
        readProcNetTcp("garbage\n 1: x:y z 0A\n\n 2: 0100007F:FFFFF 0:0 0A 0 0 0 0 0 1\n", 10,
                       table);
        QVERIFY(table.sockets.empty());
    }

    void stopsAtTheLimitOfSockets()
    {
        std::string many;
        for (int i = 0; i < 2500; ++i)
            many += " 0: 0100007F:0BB8 00000000:0000 0A 0:0 0:0 0 0 0 1065 1\n";
        SocketTable table;
        readProcNetTcp(many, 2000, table);
        QCOMPARE(table.sockets.size(), size_t(2000));
        QVERIFY(table.cutShort);
    }

    void asksTheKernelForListeningSockets()
    {
        const auto request = listeningSocketsRequest(DiagFamily::V6);
        QCOMPARE(request.size(), size_t(72));
        QCOMPARE(std::to_integer<int>(request[4]), 20); // SOCK_DIAG_BY_FAMILY
        QCOMPARE(std::to_integer<int>(request[16]), 10);
        QCOMPARE(std::to_integer<int>(request[17]), 6);
    }

    void readsTheKernelsAnswer()
    {
        SocketTable table;
        QCOMPARE(readDiagAnswer(view(diag4 + diag6Only), 100, table), DiagProgress::More);
        QCOMPARE(readDiagAnswer(view(diagDone), 100, table), DiagProgress::Done);
        QCOMPARE(table.sockets.size(), size_t(2));
        QVERIFY(table.sockets[0].address == ip("127.0.0.1"));
        QCOMPARE(table.sockets[0].port, uint16_t(56755));
        QCOMPARE(table.sockets[0].inode, uint64_t(0x64e0bb));
        QVERIFY(table.sockets[1].address == ip("::"));
        QVERIFY(table.sockets[1].v6Only);
    }

    void endsTheKernelsAnswerAtTheLimit()
    {
        SocketTable table;
        QCOMPARE(readDiagAnswer(view(diag4 + diag4), 1, table), DiagProgress::Done);
        QCOMPARE(table.sockets.size(), size_t(1));
        QVERIFY(table.cutShort);
    }

    void refusesAnswersThatAreCut()
    {
        for (qsizetype length = 1; length < diag6Only.size(); ++length) {
            SocketTable table;
            const QByteArray cut = diag6Only.left(length);
            QCOMPARE(readDiagAnswer(view(cut), 100, table), DiagProgress::Failed);
            QVERIFY(table.sockets.empty());
        }
    }

    void countsBothFamiliesOfOneServiceOnce()
    {
        const auto listeners =
            mergeListeners({owned("::", 3000, 7, "node"), owned("0.0.0.0", 3000, 7, "node")});
        QCOMPARE(listeners.size(), size_t(1));
        QCOMPARE(listeners[0].host, std::string("127.0.0.1"));
        QVERIFY(listeners[0].exposed);
    }

    void reachesAServiceByTheAddressThatItHas_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("v6Only");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("exposed");
        QTest::newRow("v4 loopback") << "127.0.0.1" << false << "127.0.0.1" << false;
        QTest::newRow("another of loopback") << "127.0.0.53" << false << "127.0.0.53" << false;
        QTest::newRow("v6 loopback") << "::1" << false << "::1" << false;
        QTest::newRow("all") << "0.0.0.0" << false << "127.0.0.1" << true;
        QTest::newRow("both families") << "::" << false << "127.0.0.1" << true;
        QTest::newRow("v6 only") << "::" << true << "::1" << true;
        QTest::newRow("one address") << "192.0.2.7" << false << "192.0.2.7" << true;
    }
    void reachesAServiceByTheAddressThatItHas()
    {
        QFETCH(QString, address);
        QFETCH(bool, v6Only);
        const auto listeners =
            mergeListeners({owned(address.toUtf8().constData(), 80, 1, "x", v6Only)});
        QTEST(QString::fromStdString(listeners[0].host), "host");
        QTEST(listeners[0].exposed, "exposed");
    }

    void keepsTwoServicesOfOnePortApart()
    {
        const auto listeners = mergeListeners(
            {owned("127.0.0.1", 53, 1, "dnsmasq"), owned("127.0.0.53", 53, 2, "systemd-resolved")});
        QCOMPARE(listeners.size(), size_t(2));
        QCOMPARE(listeners[0].process, std::string("dnsmasq"));
    }

    void findsTheProcessThatHoldsASocket()
    {
        QTemporaryDir proc;
        const QString folder = proc.path() + "/41";
        QVERIFY(QDir().mkpath(folder + "/fd"));
        QVERIFY(QFile::link("socket:[1065]", folder + "/fd/3"));
        QVERIFY(QFile::link("/dev/null", folder + "/fd/0"));
        QFile commandLine(folder + "/cmdline");
        QVERIFY(commandLine.open(QIODevice::WriteOnly));
        commandLine.write(
            QByteArray("/usr/bin/node\0/app/node_modules/.bin/vite\0--token=s3cret\0", 57));
        commandLine.close();

        const auto later = std::chrono::steady_clock::now() + std::chrono::hours(1);
        const SocketOwners owners = findOwners(proc.path().toStdString(), {1065, 9}, later);
        QCOMPARE(owners.byInode.size(), size_t(1));
        QCOMPARE(owners.byInode.at(1065).pid, int64_t(41));
        QCOMPARE(owners.byInode.at(1065).process, std::string("node"));
        QCOMPARE(owners.byInode.at(1065).program, std::string("vite"));
        QVERIFY(!owners.cutShort);
    }

    void givesUpOnOwnersWhenTheTimeIsOver()
    {
        QTemporaryDir proc;
        QVERIFY(QDir().mkpath(proc.path() + "/41/fd"));
        const SocketOwners owners =
            findOwners(proc.path().toStdString(), {1}, std::chrono::steady_clock::time_point());
        QVERIFY(owners.cutShort);
    }

    void readsInodesOfSocketsAlone()
    {
        QCOMPARE(socketInode("socket:[4711]"), uint64_t(4711));
        QCOMPARE(socketInode("pipe:[4711]"), uint64_t(0));
        QCOMPARE(socketInode("socket:[]"), uint64_t(0));
        QCOMPARE(socketInode("socket:[12x]"), uint64_t(0));
    }
};

QTEST_GUILESS_MAIN(TstListenerTables)
#include "tst_listener_tables.moc"
