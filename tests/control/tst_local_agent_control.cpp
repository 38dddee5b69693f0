#include "control_fixture.h"

#include <sallyport/control/agent_lock.h>
#include <sallyport/control/open_agent_control.h>
#include <sallyport/control/settings.h>

using namespace sallyport;
using namespace sallyport::control;
using namespace sallyport::control::test;
using agent::LinkState;
using agent::test::FakeRelay;

class TestLocalAgentControl : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void connectsWithWhatIsConfigured()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay) +
                   "tunnels:\n  web: {http: 3000}\n  off: {http: 1, paused: true}\n");
        LocalAgentControl control(quiet(), nullptr);
        std::vector<std::string> opened;
        connect(&control, &AgentControl::tunnelOpened, this,
                [&](const std::string& ref) { opened.push_back(ref); });
        control.start();
        QVERIFY(runUntil([&] { return !opened.empty(); }));
        QCOMPARE(opened, std::vector<std::string>{"web"});
        QCOMPARE(control.snapshot().state, LinkState::Connected);
        QVERIFY(control.snapshot().switchedOn);
        QCOMPARE(control.snapshot().tunnels.size(), size_t(2));
        QVERIFY(find(control, "off")->paused);
        QVERIFY(!find(control, "web")->paused);
        QVERIFY(!find(control, "web")->status.urls.empty());
        QVERIFY(runUntil([&] { return !control.log().empty(); }));
    }

    void makesOneSnapshotOfAllTunnelsThatOpenAtOnce()
    {
        constexpr size_t Tunnels = 200;
        Home home;
        FakeRelay relay(m_io);
        std::string text = configFor(relay) + "tunnels:\n";
        for (size_t i = 0; i < Tunnels; ++i)
            text += "  t" + std::to_string(i) + ": {http: 3000}\n";
        home.write(text);
        LocalAgentControl control(quiet(), nullptr);
        size_t opened = 0, shownOpen = 0, snapshots = 0;
        connect(&control, &AgentControl::tunnelOpened, this, [&](const std::string& ref) {
            ++opened;
            shownOpen += find(control, ref)->status.state == agent::TunnelState::Open;
        });
        connect(&control, &AgentControl::snapshotChanged, this, [&] { ++snapshots; });
        control.start();
        QVERIFY(runUntil([&] { return opened == Tunnels; }));
        QCOMPARE(shownOpen, Tunnels);
        QVERIFY2(snapshots <= 10, std::to_string(snapshots).c_str());
    }

    void saysWhatIsWrongAndIsMendedByAnEdit()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write("relayy: nonsense\n");
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QVERIFY(control.snapshot().configProblem.find("agent.yaml:1: relayy") != std::string::npos);
        Answered put;
        control.putTunnel("web", httpTunnel(3000), put.done());
        QVERIFY2(put.error().find("agent.yaml:1") != std::string::npos, put.error().c_str());
        home.write(configFor(relay));
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        QVERIFY(control.snapshot().configProblem.empty());
    }

    void editsTunnels()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay) + "# mine\n");
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        Answered put, paused, resumed, removed;
        control.putTunnel("web", httpTunnel(3000), put.done());
        QVERIFY2(put.fine(), put.error().c_str());
        QVERIFY(home.text().find("# mine\ntunnels:\n  web: {http: 3000}\n") != std::string::npos);
        const auto isOpen = [&] {
            const TunnelView* web = find(control, "web");
            return web && web->status.state == agent::TunnelState::Open;
        };
        QVERIFY(runUntil(isOpen));
        control.setPaused("web", true, paused.done());
        QVERIFY(paused.fine());
        QVERIFY(find(control, "web")->paused);
        QVERIFY(runUntil([&] { return !relay.last().closes.empty(); }));
        control.setPaused("web", false, resumed.done());
        QVERIFY(resumed.fine());
        QVERIFY(runUntil(isOpen));
        control.removeTunnel("web", removed.done());
        QVERIFY(removed.fine());
        QVERIFY(!find(control, "web"));
    }

    void theSwitchIsRemembered()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        Answered off, on;
        {
            LocalAgentControl control(quiet(), nullptr);
            control.start();
            QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
            control.setSwitchedOn(false, off.done());
            QVERIFY(off.fine());
            QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Stopped; }));
        }
        const size_t before = relay.peers.size();
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QVERIFY(!control.snapshot().switchedOn);
        QCOMPARE(control.snapshot().state, LinkState::Offline);
        control.setSwitchedOn(true, on.done());
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        QCOMPARE(relay.peers.size(), before + 1);
    }

    void addsAnAccountThatTheRelayTakes()
    {
        Home home;
        FakeRelay relay(m_io);
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QCOMPARE(control.snapshot().state, LinkState::Offline);
        NewAccount account;
        account.relay = "tcp://127.0.0.1:" + std::to_string(relay.port());
        account.token = Secret(Token);
        account.label = "mine";
        Answered added;
        control.addAccount(account, added.done());
        QVERIFY(runUntil([&] { return added.result.has_value(); }));
        QVERIFY2(added.fine(), added.error().c_str());
        QCOMPARE(control.accounts().size(), size_t(1));
        QVERIFY(control.accounts().front().inUse);
        QVERIFY(control.accounts().front().inFile);
        QCOMPARE(control.accounts().front().tokenHint, Token.substr(0, 8));
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        QCOMPARE(relay.last().hello->auth.token.reveal(), std::string_view(Token));

        Answered tested, renamed, removed;
        const std::string id = control.accounts().front().id;
        control.testAccount(id, tested.done());
        QVERIFY(runUntil([&] { return tested.result.has_value(); }));
        QVERIFY2(tested.fine(), tested.error().c_str());
        control.renameAccount(id, "work", renamed.done());
        QCOMPARE(control.accounts().front().label, std::string("work"));
        control.removeAccount(id, removed.done());
        QVERIFY(runUntil([&] { return removed.result.has_value(); }));
        QVERIFY(control.accounts().empty());
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Stopped; }));
    }

    void twoRelaysOfOneHostKeepTheirOwnTokens()
    {
        Home home;
        FakeRelay one(m_io), two(m_io);
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        const auto fresh = [] {
            return std::string(auth::Token::generate().value().secret().reveal());
        };
        const std::string other = fresh();
        const std::string newer = fresh();
        const auto add = [&](FakeRelay& relay, const std::string& token, const char* label,
                             const std::string& replaces = {}) {
            NewAccount account;
            account.replaces = replaces;
            account.relay = "tcp://127.0.0.1:" + std::to_string(relay.port());
            account.token = Secret(token);
            account.label = label;
            Answered added;
            control.addAccount(account, added.done());
            return runUntil([&] { return added.result.has_value(); }) && added.fine();
        };
        const auto tokenAt = [](FakeRelay& relay) {
            return std::string(relay.last().hello->auth.token.reveal());
        };
        const auto ask = [&](auto command) {
            Answered answered;
            command(answered.done());
            return runUntil([&] { return answered.result.has_value(); }) && answered.fine();
        };
        QVERIFY(add(one, Token, "home"));
        QVERIFY(add(two, other, "work"));
        QCOMPARE(control.accounts().size(), size_t(2));
        const std::string first = "127.0.0.1:" + std::to_string(one.port());
        const std::string second = "127.0.0.1:" + std::to_string(two.port());
        const auto isAskedWith = [&](const std::string& id, FakeRelay& relay,
                                     std::string_view token) {
            const bool used = ask([&](auto done) { control.useAccount(id, done); });
            const bool connected =
                runUntil([&] { return control.snapshot().state == LinkState::Connected; });
            const bool tested = ask([&](auto done) { control.testAccount(id, done); });
            return used && connected && tested && tokenAt(relay) == token;
        };
        QVERIFY(isAskedWith(first, one, Token));
        QVERIFY(isAskedWith(second, two, other));
        QVERIFY(ask([&](auto done) { control.renameAccount(first, "house", done); }));
        // Another token for an account takes the place of its first; the other relay's stays.
        QVERIFY(add(one, newer, "", first));
        QCOMPARE(control.accounts().size(), size_t(2));
        QVERIFY(ask([&](auto done) { control.testAccount(first, done); }));
        QCOMPARE(tokenAt(one), newer);
        QVERIFY(ask([&](auto done) { control.removeAccount(first, done); }));
        QCOMPARE(control.accounts().size(), size_t(1));
        QCOMPARE(control.accounts().front().label, std::string("work"));
        QVERIFY(ask([&](auto done) { control.testAccount(second, done); }));
        QCOMPARE(tokenAt(two), other);
    }

    // The relay's answer, and then the file's.
    std::string add(LocalAgentControl& control, const NewAccount& account)
    {
        Answered added;
        control.addAccount(account, added.done());
        if (!runUntil([&] { return added.result.has_value(); }))
            return "no answer";
        return added.error();
    }
    static NewAccount accountAt(const FakeRelay& relay, const std::string& token)
    {
        NewAccount account;
        account.relay = "tcp://127.0.0.1:" + std::to_string(relay.port());
        account.token = Secret(token);
        return account;
    }
    static std::string freshToken()
    {
        return std::string(auth::Token::generate().value().secret().reveal());
    }

    void anotherTokenOfARelayMakesAnotherAccount()
    {
        Home home;
        FakeRelay relay(m_io);
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        const std::string company = freshToken();
        const std::string first = "127.0.0.1:" + std::to_string(relay.port());
        const auto linkedWith = [&](const std::string& token) {
            return runUntil([&] {
                return control.snapshot().state == LinkState::Connected && !relay.peers.empty() &&
                       relay.last().hello && relay.last().hello->auth.token.reveal() == token;
            });
        };
        QCOMPARE(add(control, accountAt(relay, Token)), std::string());
        QVERIFY(linkedWith(Token));
        QCOMPARE(add(control, accountAt(relay, company)), std::string());
        QCOMPARE(control.accounts().size(), size_t(2));
        QCOMPARE(control.accounts()[0].id, first);
        QCOMPARE(control.accounts()[1].id, first + "#2");
        QVERIFY(control.accounts()[1].inUse);
        QVERIFY(control.accounts()[1].label != control.accounts()[0].label);
        QVERIFY(linkedWith(company));

        // The same token again is the same account, and is in use again.
        QCOMPARE(add(control, accountAt(relay, Token)), std::string());
        QCOMPARE(control.accounts().size(), size_t(2));
        QVERIFY(control.accounts()[0].inUse);
        QVERIFY(linkedWith(Token));
        Answered used;
        control.useAccount(first + "#2", used.done());
        QVERIFY2(used.fine(), used.error().c_str());
        QVERIFY(linkedWith(company));

        // A rotated one takes the place of its own account's.
        const std::string rotated = freshToken();
        NewAccount replacement = accountAt(relay, rotated);
        replacement.replaces = first;
        QCOMPARE(add(control, replacement), std::string());
        QCOMPARE(control.accounts().size(), size_t(2));
        QVERIFY(control.accounts()[0].inUse);
        QVERIFY(linkedWith(rotated));

        Answered removed;
        control.removeAccount(first, removed.done());
        QVERIFY(runUntil([&] { return removed.result.has_value(); }));
        QCOMPARE(control.accounts().size(), size_t(1));
        QVERIFY(linkedWith(company));
    }

    void saysWhyATokenCanNotTakeThatPlace()
    {
        Home home;
        FakeRelay one(m_io), two(m_io);
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QCOMPARE(add(control, accountAt(one, Token)), std::string());
        NewAccount wrong = accountAt(two, Token);
        wrong.replaces = "127.0.0.1:" + std::to_string(one.port());
        const std::string told = add(control, wrong);
        QVERIFY2(told.find("can't take the place") != std::string::npos, told.c_str());
        wrong.replaces = "gone.example:7000";
        QVERIFY(!add(control, wrong).empty());
        QCOMPARE(control.accounts().size(), size_t(1));
    }

    void anAccountTooManyLeavesNoTokenBehind()
    {
        Home home;
        FakeRelay relay(m_io);
        auto accounts = *Accounts::read();
        for (size_t i = 0; i < Accounts::MaxAccounts; ++i) {
            KnownAccount known;
            known.relay = *config::RelayAddress::parse("r" + std::to_string(i) + ".example");
            QVERIFY(accounts.put(known).ok());
        }
        QVERIFY(accounts.write().ok());
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        const std::string told = add(control, accountAt(relay, Token));
        QVERIFY2(told.find("50 accounts") != std::string::npos, told.c_str());
        QVERIFY(!config::readFile(credentialsFile()).ok());
    }

    // As an earlier version, or one that knew of a single account for a relay, left them.
    void accountsAndTokensOfEarlierAreUsed()
    {
        Home home;
        FakeRelay relay(m_io);
        const std::string id = "127.0.0.1:" + std::to_string(relay.port());
        const std::string folder = home.folder.filePath("config/sallyport/").toStdString();
        (void)config::makeFolder(folder);
        QVERIFY(config::writeFileAtomically(folder + "accounts.yaml",
                                            "in_use: \"" + id +
                                                "\"\naccounts:\n  - relay: \"tcp://" + id +
                                                "\"\n    in_file: true\n")
                    .ok());
        QVERIFY(config::writeFileAtomically(folder + "credentials.yaml",
                                            "secrets:\n  \"" + id + "\": \"" + Token + "\"\n")
                    .ok());
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        QCOMPARE(relay.last().hello->auth.token.reveal(), std::string_view(Token));
        QCOMPARE(control.accounts().front().id, id);
    }

    void renamingLeavesTheLinkAlone()
    {
        Home home;
        FakeRelay relay(m_io);
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        QCOMPARE(add(control, accountAt(relay, Token)), std::string());
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        bool left = false;
        connect(&control, &AgentControl::snapshotChanged, this,
                [&] { left = left || control.snapshot().state != LinkState::Connected; });
        Answered renamed, tested;
        control.renameAccount(control.accounts().front().id, "work", renamed.done());
        QVERIFY(renamed.fine());
        control.testAccount(control.accounts().front().id, tested.done());
        QVERIFY(runUntil([&] { return tested.result.has_value(); }));
        QVERIFY(!left);
    }

    void keepsNothingThatTheRelayRefuses()
    {
        Home home;
        FakeRelay relay(m_io);
        relay.judge = [](const wire::Hello&) {
            return std::optional(wire::Refusal(wire::RefusalCode::BadCredentials));
        };
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        NewAccount account;
        account.relay = "tcp://127.0.0.1:" + std::to_string(relay.port());
        account.token = Secret(Token);
        Answered added;
        control.addAccount(account, added.done());
        QVERIFY(runUntil([&] { return added.result.has_value(); }));
        QVERIFY(!added.error().empty());
        QVERIFY(control.accounts().empty());
        QVERIFY(!config::readFile(Accounts::usualFile()).ok());
    }

    void explainsWhatCannotBeAdded_data()
    {
        QTest::addColumn<QString>("relay");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("says");
        const QString token = QString::fromStdString(Token);
        QTest::newRow("nobody listens") << "tcp://127.0.0.1:1" << token << "nobody listens";
        QTest::newRow("no such host") << "no-such-host.invalid" << token << "name";
        QTest::newRow("no token") << "a.example"
                                  << "hello"
                                  << "neither a join line";
        QTest::newRow("no relay") << "a b" << token << "address";
    }
    void explainsWhatCannotBeAdded()
    {
        QFETCH(QString, relay);
        QFETCH(QString, token);
        QFETCH(QString, says);
        Home home;
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        NewAccount account;
        account.relay = relay.toStdString();
        account.token = Secret(token.toStdString());
        Answered added;
        control.addAccount(account, added.done());
        QVERIFY(runUntil([&] { return added.result.has_value(); }));
        QVERIFY2(QString::fromStdString(added.error()).contains(says), added.error().c_str());
        QVERIFY(added.error().find(account.token.reveal()) == std::string::npos);
    }

    void aConfiguredRelayComesBeforeAccounts()
    {
        Home home;
        home.write("relay: a.example\ntoken: spt_x\n");
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        Answered used;
        control.useAccount("b.example:7000", used.done());
        QVERIFY2(used.error().find("names the relay a.example:7000") != std::string::npos,
                 used.error().c_str());
    }

    void takesUpALoginFromElsewhere()
    {
        Home home;
        FakeRelay relay(m_io);
        qputenv("SALLYPORT_TOKEN", Token.c_str());
        LocalAgentControl control(quiet(), nullptr);
        control.start();
        auto accounts = *Accounts::read();
        KnownAccount known;
        known.relay =
            *config::RelayAddress::parse("tcp://127.0.0.1:" + std::to_string(relay.port()));
        QVERIFY(accounts.put(known).ok());
        QVERIFY(accounts.write().ok());
        QVERIFY(runUntil([&] { return control.snapshot().state == LinkState::Connected; }));
        QCOMPARE(control.accounts().size(), size_t(1));
    }

    void itsLogIsBounded()
    {
        Home home;
        AgentControlOptions options = quiet();
        options.maxLog = 3;
        LocalAgentControl control(options, nullptr);
        int lines = 0;
        connect(&control, &AgentControl::logged, this, [&] { ++lines; });
        for (int i = 0; i < 5; ++i) {
            home.write("nonsense" + std::to_string(i) + ": 1\n");
            control.reload();
        }
        QVERIFY(runUntil([&] { return lines == 5; }));
        QCOMPARE(control.log().size(), size_t(3));
        QVERIFY(control.log().back().warning);
        QVERIFY(control.log().back().text.find("nonsense4") != std::string::npos);
    }

    // A window that is made next shows the right page from the start.
    void whatIsOpenedKnowsItsRelayAtOnce()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        const auto control = openAgentControl(quiet());
        QVERIFY(!control->snapshot().relay.empty());
        QVERIFY(runUntil([&] { return control->snapshot().state == LinkState::Connected; }));
    }

    void oneIdentityIsUsedOnce()
    {
        Home home;
        auto first = openAgentControl(quiet());
        QCOMPARE(first->place(), AgentControl::Place::InProcess);
        const auto second = openAgentControl(quiet());
        QCOMPARE(second->place(), AgentControl::Place::Detached);
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::Service; }));
        AgentControlOptions other = quiet();
        other.only = {"web"};
        QCOMPARE(openAgentControl(other)->place(), AgentControl::Place::InProcess);
        first.reset();
        QCOMPARE(openAgentControl(quiet())->place(), AgentControl::Place::InProcess);
    }
};

SALLYPORT_NET_TEST_MAIN(TestLocalAgentControl)
#include "tst_local_agent_control.moc"
