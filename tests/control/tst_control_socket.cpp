// An agent served over its control socket, and driven from the other end.
#include "control_fixture.h"

#include <sallyport/control/control_server.h>
#include <sallyport/control/remote_agent_control.h>
#include <sallyport/inspect/traffic_source.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>

using namespace sallyport;
using namespace sallyport::control;
using namespace sallyport::control::test;
using agent::LinkState;
using agent::test::FakeRelay;

namespace {

// Plays an agent: remembers what it was told.
class FakeTraffic final : public inspect::TrafficSource
{
public:
    std::vector<inspect::Record> records;
    std::string bytes;
    inspect::ReplayRequest replayed;
    bool recording = false;

    void query(const inspect::Query& query, Done<std::vector<inspect::Record>> done) override
    {
        std::vector<inspect::Record> found;
        for (const inspect::Record& record : records)
            if (query.filter.method.empty() || record.method == query.filter.method)
                found.push_back(record);
        done(found);
    }
    void exchange(inspect::RecordId id, Done<inspect::Exchange> done) override
    {
        inspect::Exchange exchange;
        for (const inspect::Record& record : records)
            if (record.id == id)
                exchange.record = record;
        if (exchange.record.id == 0)
            return done(Failure(std::string("that request is no longer kept")));
        exchange.requestLine = "GET /\xff HTTP/1.1";
        exchange.requestHeaders = {{"X-Odd", std::string("a\0b\xff", 4), true}};
        exchange.responseBody = {1ull << 60, 5};
        inspect::Message message;
        message.data = std::string("\0\1", 2);
        message.direction = inspect::Message::Direction::ToVisitor;
        message.kind = inspect::Message::Kind::Binary;
        exchange.messages = {message};
        done(exchange);
    }
    void body(inspect::RecordId, inspect::Side, Done<std::string> done) override { done(bytes); }
    void replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done) override
    {
        replayed = request;
        done(inspect::RecordId(77));
    }
    void exportRecords(const std::vector<inspect::RecordId>& ids, inspect::ExportFormat format,
                       bool withSecrets, Done<std::string> done) override
    {
        done(std::to_string(ids.size()) + (withSecrets ? "s" : "-") + std::to_string(int(format)));
    }
    void clear(Done<bool> done) override
    {
        records.clear();
        emit recordsRemoved(5);
        done(true);
    }
    bool isRecording() const override { return recording; }
    void setRecording(bool on) override
    {
        recording = on;
        emit recordingChanged();
    }
    void add(inspect::Record record)
    {
        records.push_back(record);
        emit recordsChanged({std::move(record)});
    }
};

class FakeControl final : public AgentControl
{
public:
    Snapshot now;
    std::vector<LogLine> lines;
    std::vector<Account> known;
    FakeTraffic source;
    std::vector<std::string> told;
    config::TunnelConfig tunnel;
    NewAccount added;

    Place place() const override { return Place::InProcess; }
    const Snapshot& snapshot() const override { return now; }
    const std::vector<LogLine>& log() const override { return lines; }
    inspect::TrafficSource& traffic() override { return source; }
    void setSwitchedOn(bool on, Done done) override
    {
        now.switchedOn = on;
        emit snapshotChanged();
        done({});
    }
    void retryNow() override { told.push_back("retry"); }
    void putTunnel(const std::string& ref, const config::TunnelConfig& put, Done done) override
    {
        told.push_back("put " + ref);
        tunnel = put;
        done({});
    }
    void removeTunnel(const std::string& ref, Done done) override
    {
        done(Failure("there is no tunnel \"" + ref + "\""));
    }
    void setPaused(const std::string& ref, bool paused, Done done) override
    {
        told.push_back((paused ? "pause " : "resume ") + ref);
        done({});
    }
    const std::vector<Account>& accounts() const override { return known; }
    void addAccount(const NewAccount& account, Done done) override
    {
        added = account;
        done({});
    }
    void testAccount(const std::string& id, Done done) override { tell("test " + id, done); }
    void useAccount(const std::string& id, Done done) override { tell("use " + id, done); }
    void renameAccount(const std::string& id, const std::string& label, Done done) override
    {
        tell("rename " + id + " " + label, done);
    }
    void removeAccount(const std::string& id, Done done) override { tell("remove " + id, done); }
    void checkAddress(const config::TunnelConfig&,
                      std::function<void(Result<AddressCheck, agent::Problem>)> done) override
    {
        done(AddressCheck{
            false, "https://x", {agent::ProblemCode::AddressTaken, "somebody has it"}});
    }

private:
    void tell(const std::string& what, const Done& done)
    {
        told.push_back(what);
        done({});
    }
};

inspect::Record sampleRecord(inspect::RecordId id)
{
    inspect::Record record;
    record.id = id;
    record.kind = inspect::RecordKind::WebSocket;
    record.outcome = inspect::Outcome::VisitorLeft;
    record.error = "it \"left\"";
    record.tunnel = "web";
    record.upstream = "127.0.0.1:3000";
    record.visitor = "203.0.113.7:1";
    record.host = "x.example";
    record.tls = true;
    record.method = "GET";
    record.path = "/caf\xc3\xa9?a=b";
    record.status = 101;
    record.contentType = "text/html";
    record.begun =
        std::chrono::system_clock::time_point(std::chrono::microseconds(1'700'000'000'123'456));
    record.requestDone = std::chrono::microseconds(0);
    record.ended = std::chrono::microseconds(99);
    record.requestBytes = 1ull << 62;
    record.responseBytes = 3;
    record.messages = 4'000'000'000;
    record.replayOf = 3;
    record.edited = true;
    return record;
}

// A plain client.
class Client
{
public:
    explicit Client(const std::string& path)
    {
        socket.connectToServer(QString::fromStdString(path));
        QObject::connect(&socket, &QLocalSocket::readyRead, &socket, [this] {
            while (reads && socket.canReadLine())
                messages.push_back(QJsonDocument::fromJson(socket.readLine()).object());
        });
    }
    void send(const QByteArray& line) { socket.write(line + '\n'); }
    bool isGone() const { return socket.state() == QLocalSocket::UnconnectedState; }

    QLocalSocket socket;
    std::vector<QJsonObject> messages;
    bool reads = true;
};

} // namespace

class TestControlSocket : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    net::IoContext m_io;
    std::string path() const { return m_folder.filePath("s.sock").toStdString(); }
    static ControlServer::Actions actions(FakeControl& control)
    {
        return {[] {
                    return QJsonObject{{"state", "connected"}};
                },
                [&control] { control.retryNow(); }, [&control] { control.told.push_back("stop"); }};
    }
    RemoteAgentControl::Places places() const
    {
        return [this] { return std::vector<std::string>{path()}; };
    }

private slots:
    void clientsOfEarlierVersionsAreAnswered()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        Client client(path());
        client.send(R"({"type":"status"})");
        client.send(R"({"type":"retry"})");
        client.send("nonsense");
        QVERIFY(runUntil([&] { return client.messages.size() == 3; }));
        QCOMPARE(client.messages[0]["agent"].toObject()["state"].toString(), QString("connected"));
        QVERIFY(client.messages[0]["pid"].toInteger() > 0);
        QCOMPARE(client.messages[1], QJsonObject({{"type", "done"}}));
        QCOMPARE(client.messages[2]["type"].toString(), QString("error"));
        QCOMPARE(control.told, std::vector<std::string>{"retry"});
    }

    void showsTheAgentFromElsewhere()
    {
        FakeControl control;
        control.now.state = LinkState::Waiting;
        control.now.relay = "a.example:7000";
        control.now.problem = {agent::ProblemCode::UnknownHost, "no \"answer\""};
        control.now.configProblem = "agent.yaml:1: broken";
        control.now.failedTries = 4;
        control.now.roundTrip = std::chrono::microseconds(1500);
        control.now.nextTry =
            std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
        control.now.failure = agent::AgentFailure{agent::AgentFailure::Kind::Untrusted, "c", "t",
                                                  agent::ProblemCode::PinMismatch};
        TunnelView view;
        view.status.ref = "web";
        view.status.config = httpTunnel(3000);
        view.status.config.hostHeader = "x:80";
        view.status.config.access.allow = {"10.0.0.0/8"};
        view.status.state = agent::TunnelState::Refused;
        view.status.urls = {"https://web.example"};
        view.status.refusalText = "taken";
        view.status.refusalIsFinal = true;
        view.status.counters = {1, 2, 1ull << 60, 4, 5};
        view.paused = true;
        control.now.tunnels = {view};
        control.known = {{"a:1", "label", "a", "sha256:x", true, true, "spt_Ab12"}};
        control.lines = {
            {std::chrono::system_clock::time_point(std::chrono::seconds(5)), true, "hm"}};
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));

        RemoteAgentControl remote("id", places());
        QCOMPARE(remote.place(), AgentControl::Place::Detached);
        QVERIFY(runUntil([&] { return !remote.log().empty(); }));
        QCOMPARE(remote.place(), AgentControl::Place::Service);
        const Snapshot& got = remote.snapshot();
        QCOMPARE(got.state, LinkState::Waiting);
        QVERIFY(got.problem == control.now.problem);
        QCOMPARE(got.configProblem, control.now.configProblem);
        QCOMPARE(got.failure->problem, agent::ProblemCode::PinMismatch);
        QCOMPARE(got.failedTries, 4u);
        QVERIFY(got.roundTrip == control.now.roundTrip);
        QVERIFY(got.nextTry == control.now.nextTry);
        QCOMPARE(got.failure->kind, agent::AgentFailure::Kind::Untrusted);
        QCOMPARE(got.tunnels.size(), size_t(1));
        QVERIFY(got.tunnels[0].status.config == view.status.config);
        QCOMPARE(got.tunnels[0].status.counters.bytesIn, uint64_t(1) << 60);
        QVERIFY(got.tunnels[0].paused);
        QVERIFY(remote.accounts() == control.known);
        QCOMPARE(remote.log()[0].text, std::string("hm"));

        control.now.state = LinkState::Connected;
        emit control.snapshotChanged();
        QVERIFY(runUntil([&] { return remote.snapshot().state == LinkState::Connected; }));
        std::string opened, problem, refused;
        connect(&remote, &AgentControl::tunnelOpened, this,
                [&](const std::string& ref, const std::vector<std::string>& urls) {
                    opened = ref + " " + urls.at(0);
                });
        connect(&remote, &AgentControl::upstreamChanged, this,
                [&](const std::string& ref, const std::string& text) { problem = ref + text; });
        connect(&remote, &AgentControl::credentialRefused, this,
                [&](const agent::Problem& told) { refused = told.text; });
        emit control.tunnelOpened("web", {"https://web"});
        emit control.upstreamChanged("web", "down");
        emit control.credentialRefused({agent::ProblemCode::TokenRevoked, "old"});
        QVERIFY(runUntil([&] { return !refused.empty(); }));
        QCOMPARE(opened, std::string("web https://web"));
        QCOMPARE(problem, std::string("webdown"));
    }

    void passesCommandsOn()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        RemoteAgentControl remote("id", places());
        Answered early;
        remote.setPaused("web", true, early.done());
        QVERIFY(!early.error().empty()); // not there yet
        QVERIFY(runUntil([&] { return remote.place() == AgentControl::Place::Service; }));

        Answered put, removed, paused, on, added, last;
        config::TunnelConfig tunnel = httpTunnel(3000);
        tunnel.name = "no";
        remote.putTunnel("web", tunnel, put.done());
        remote.removeTunnel("x", removed.done());
        remote.setPaused("web", true, paused.done());
        remote.setSwitchedOn(true, on.done());
        NewAccount account;
        account.label = "l";
        account.token = Secret("spt_secret");
        remote.addAccount(account, added.done());
        remote.testAccount("a", [](const Result<void, agent::Problem>&) {});
        remote.useAccount("a", [](const Result<void, agent::Problem>&) {});
        remote.renameAccount("a", "b", [](const Result<void, agent::Problem>&) {});
        remote.removeAccount("a", last.done());
        std::optional<AddressCheck> check;
        remote.checkAddress(tunnel,
                            [&](Result<AddressCheck, agent::Problem> got) { check = *got; });
        remote.retryNow();
        QVERIFY(runUntil([&] { return check && control.told.size() == 7; }));
        QVERIFY(put.fine() && paused.fine() && on.fine() && added.fine() && last.fine());
        QCOMPARE(removed.error(), std::string("there is no tunnel \"x\""));
        QVERIFY(control.tunnel == tunnel);
        QVERIFY(control.now.switchedOn);
        QCOMPARE(control.added.token.reveal(), std::string_view("spt_secret"));
        QCOMPARE(check->reason.text, std::string("somebody has it"));
        QCOMPARE(check->reason.code, agent::ProblemCode::AddressTaken);
        QCOMPARE(control.told, (std::vector<std::string>{"put web", "pause web", "test a", "use a",
                                                         "rename a b", "remove a", "retry"}));
    }

    void passesTrafficOn()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        RemoteAgentControl remote("id", places());
        QVERIFY(runUntil([&] { return remote.place() == AgentControl::Place::Service; }));
        inspect::TrafficSource& traffic = remote.traffic();
        QVERIFY(runUntil([&] { return traffic.isRecording(); })); // since somebody looks on
        std::vector<inspect::Record> came;
        connect(&traffic, &inspect::TrafficSource::recordsChanged, this,
                [&](const std::vector<inspect::Record>& records) { came = records; });
        const inspect::Record sample = sampleRecord(uint64_t(1) << 61);
        control.source.add(sample);
        QVERIFY(runUntil([&] { return !came.empty(); }));
        QVERIFY(came[0] == sample);

        std::optional<std::vector<inspect::Record>> found;
        std::optional<inspect::Exchange> exchange;
        std::string body, gone, exported;
        inspect::RecordId replayed = 0;
        control.source.bytes = std::string(3'000'000, '\xfe') + '\0';
        inspect::Query query;
        query.filter.method = "GET";
        traffic.query(query, [&](auto got) { found = *got; });
        traffic.exchange(sample.id, [&](auto got) { exchange = *got; });
        traffic.exchange(1, [&](auto got) { gone = got.error(); });
        traffic.body(sample.id, inspect::Side::Response, [&](auto got) { body = *got; });
        traffic.exportRecords({1, 2}, inspect::ExportFormat::Har, true,
                              [&](auto got) { exported = *got; });
        inspect::ReplayRequest replay;
        replay.original = sample.id;
        replay.edited = true;
        replay.method = "PUT";
        replay.headers = {{"A", "b", false}};
        replay.body = std::string("\0\xff", 2);
        traffic.replay(replay, [&](auto got) { replayed = *got; });
        QVERIFY(runUntil([&] { return replayed != 0 && !exported.empty(); }));
        QVERIFY(found && found->size() == 1 && found->front() == sample);
        QVERIFY(exchange->record == sample);
        QCOMPARE(exchange->requestLine, std::string("GET /\xff HTTP/1.1"));
        QCOMPARE(exchange->requestHeaders[0].value, std::string("a\0b\xff", 4));
        QCOMPARE(exchange->responseBody.size, uint64_t(1) << 60);
        QCOMPARE(exchange->messages[0].data, std::string("\0\1", 2));
        QCOMPARE(gone, std::string("that request is no longer kept"));
        QVERIFY(body == control.source.bytes);
        QCOMPARE(exported, std::string("2s1"));
        QCOMPARE(control.source.replayed.method, std::string("PUT"));
        QCOMPARE(control.source.replayed.body, std::string("\0\xff", 2));
        bool tooLarge = false;
        replay.body = std::string(4'000'000, 'x');
        traffic.replay(replay, [&](auto got) { tooLarge = !got.ok(); });
        QVERIFY(tooLarge);
    }

    void recordingEndsWithWhoBeganIt()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        {
            RemoteAgentControl remote("id", places());
            QVERIFY(runUntil([&] { return control.source.recording; }));
        }
        QVERIFY(runUntil([&] { return !control.source.recording; }));
    }

    void findsAnAgentThatWasRestarted()
    {
        FakeControl control;
        control.now.state = LinkState::Connected;
        auto server = std::make_unique<ControlServer>(actions(control), "id", &control);
        QVERIFY(server->listen(path()));
        RemoteAgentControl remote("id", places(), std::chrono::milliseconds(5));
        QVERIFY(runUntil([&] { return remote.snapshot().state == LinkState::Connected; }));
        Answered lost;
        server.reset();
        QVERIFY(runUntil([&] { return remote.place() == AgentControl::Place::Detached; }));
        QCOMPARE(remote.snapshot().state, LinkState::Offline);
        remote.setSwitchedOn(true, lost.done());
        QVERIFY(!lost.error().empty());
        server = std::make_unique<ControlServer>(actions(control), "another", &control);
        QVERIFY(server->listen(path()));
        server = std::make_unique<ControlServer>(actions(control), "id", &control);
        QVERIFY(server->listen(path()));
        QVERIFY(runUntil([&] { return remote.place() == AgentControl::Place::Service; }));
        QVERIFY(runUntil([&] { return remote.snapshot().state == LinkState::Connected; }));
    }

    void isBounded()
    {
        FakeControl control;
        ControlLimits limits;
        limits.clients = 2;
        limits.line = 1000;
        ControlServer server(actions(control), "id", &control, limits);
        QVERIFY(server.listen(path()));
        Client first(path()), second(path()), third(path());
        QVERIFY(runUntil([&] { return third.isGone(); }));
        first.send(QByteArray(2000, 'x'));
        QVERIFY(runUntil([&] { return first.isGone(); }));
        second.send(R"({"type":"hello"})");
        QVERIFY(runUntil([&] { return second.messages.size() == 1; }));
        Client fourth(path());
        fourth.send(R"({"type":"hello"})");
        QVERIFY(runUntil([&] { return fourth.messages.size() == 1; }));
    }

    void aSlowClientGetsTheNewestSnapshotOrIsCut()
    {
        FakeControl control;
        ControlLimits limits;
        limits.events = 64 * 1024;
        limits.backlog = 1024 * 1024;
        ControlServer server(actions(control), "id", &control, limits);
        QVERIFY(server.listen(path()));
        Client client(path());
        client.socket.setReadBufferSize(1024);
        client.reads = false;
        client.send(R"({"type":"subscribe"})");
        QVERIFY(runUntil([&] { return client.socket.bytesAvailable() > 0; }));
        control.now.problem.text = std::string(10'000, 'x');
        // Snapshots alone never cut it.
        for (int i = 0; i < 1000; ++i)
            emit control.snapshotChanged();
        control.now.problem.text = "the newest";
        emit control.snapshotChanged();
        client.reads = true;
        client.socket.setReadBufferSize(0);
        QVERIFY(runUntil([&] {
            emit client.socket.readyRead();
            return !client.messages.empty() &&
                   client.messages.back()["snapshot"].toObject()["problem"].toString() ==
                       "the newest";
        }));
        QVERIFY(client.messages.size() < 500);
        client.reads = false;
        client.socket.setReadBufferSize(1024);
        for (int i = 0; i < 200; ++i)
            emit control.logged({{}, false, std::string(10'000, 'y')});
        client.socket.setReadBufferSize(0);
        QVERIFY(runUntil([&] { return client.isGone(); }));
    }

    void drivesARealAgent()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        LocalAgentControl local(quiet(), nullptr);
        local.start();
        ControlServer server({[] { return QJsonObject(); }, [&] { local.retryNow(); }, [] {}},
                             agentId(quiet().purpose()), &local);
        QVERIFY(server.listen());
        RemoteAgentControl remote(agentId(quiet().purpose()));
        QVERIFY(runUntil([&] { return remote.snapshot().state == LinkState::Connected; }));
        Answered put, removed;
        remote.putTunnel("web", httpTunnel(3000), put.done());
        QVERIFY(runUntil([&] {
            const TunnelView* web = find(remote, "web");
            return web && web->status.state == agent::TunnelState::Open;
        }));
        QVERIFY(put.fine());
        QVERIFY(home.text().find("web: {http: 3000}") != std::string::npos);
        remote.removeTunnel("web", removed.done());
        QVERIFY(runUntil([&] { return removed.fine() && !find(remote, "web"); }));
    }
};

SALLYPORT_NET_TEST_MAIN(TestControlSocket)
#include "tst_control_socket.moc"
