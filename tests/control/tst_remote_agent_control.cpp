// An agent served over its control socket, and driven from the other end.
#include "control_fakes.h"

#include <sallyport/control/remote_agent_control.h>

using namespace sallyport;
using namespace sallyport::control;
using namespace sallyport::control::test;
using agent::LinkState;
using agent::test::FakeRelay;

class TestRemoteAgentControl : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    net::IoContext m_io;
    std::string path() const { return m_folder.filePath("s.sock").toStdString(); }
    RemoteAgentControl::Places places() const
    {
        return [this] { return std::vector<std::string>{path()}; };
    }

private slots:
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
        control.known = {{"a:1", "label", "a", "sha256:x", true, true, true, "spt_Ab12"}};
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
        account.replaces = "a:1#2";
        remote.addAccount(account, added.done());
        remote.testAccount("a", [](const Result<void, agent::Problem>&) {});
        remote.useAccount("a", [](const Result<void, agent::Problem>&) {});
        remote.renameAccount("a", "b", [](const Result<void, agent::Problem>&) {});
        remote.moveToKeychain("a", last.done());
        remote.removeAccount("a", last.done());
        std::optional<AddressCheck> check;
        remote.checkAddress(tunnel,
                            [&](Result<AddressCheck, agent::Problem> got) { check = *got; });
        remote.retryNow();
        QVERIFY(runUntil([&] { return check && control.told.size() == 8; }));
        QVERIFY(put.fine() && paused.fine() && on.fine() && added.fine() && last.fine());
        QCOMPARE(removed.error(), std::string("there is no tunnel \"x\""));
        QVERIFY(control.tunnel == tunnel);
        QVERIFY(control.now.switchedOn);
        QCOMPARE(control.added.token.reveal(), std::string_view("spt_secret"));
        QCOMPARE(control.added.replaces, std::string("a:1#2"));
        QCOMPARE(check->reason.text, std::string("somebody has it"));
        QCOMPARE(check->reason.code, agent::ProblemCode::AddressTaken);
        QCOMPARE(control.told,
                 (std::vector<std::string>{"put web", "pause web", "test a", "use a", "rename a b",
                                           "move a", "remove a", "retry"}));
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
        traffic.stopReplay(77);
        QVERIFY(runUntil(
            [&] { return replayed != 0 && !exported.empty() && control.source.stopped != 0; }));
        QCOMPARE(control.source.stopped, inspect::RecordId(77));
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

    void whatIsSecretIsToldBeforeAnythingIsRecorded()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        inspect::CaptureSettings wanted;
        wanted.bodyBudget = 64ull << 20;
        wanted.redaction.always = true;
        wanted.redaction.headers.push_back("X-Pin");
        wanted.redaction.fields.push_back("pin");
        RemoteAgentControl remote("id", places());
        remote.traffic().setSettings(wanted);
        inspect::CaptureSettings atFirst;
        connect(
            &control.source, &inspect::TrafficSource::recordingChanged, this,
            [&] { atFirst = control.source.settings; }, Qt::SingleShotConnection);
        QVERIFY(runUntil([&] { return control.source.recording; }));
        QVERIFY(atFirst == wanted);
        wanted.redaction.headers.push_back("X-Late");
        remote.traffic().setSettings(wanted);
        QVERIFY(runUntil([&] { return control.source.settings == wanted; }));
    }

    void nothingIsRecordedForOneWhoWantsNoRecords()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        inspect::CaptureSettings wanted;
        wanted.on = false;
        RemoteAgentControl remote("id", places());
        remote.traffic().setSettings(wanted);
        QVERIFY(runUntil([&] { return remote.place() == AgentControl::Place::Service; }));
        QVERIFY(!control.source.recording);
        wanted.on = true;
        remote.traffic().setSettings(wanted);
        QVERIFY(runUntil([&] { return control.source.recording; }));
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

SALLYPORT_NET_TEST_MAIN(TestRemoteAgentControl)
#include "tst_remote_agent_control.moc"
