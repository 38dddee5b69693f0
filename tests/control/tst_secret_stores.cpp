// The places where tokens are kept. with_keyring.sh runs this with a keyring of its own, unlocked
// or locked; by itself it has none.
#include "net/net_test.h"

#include <sallyport/config/files.h>
#include <sallyport/control/account_search.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/local_agent_control.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <string>

using namespace sallyport;
using control::SecretStores;
using net::test::runUntil;
using secrets::SecretError;

class TestSecretStores : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    const QByteArray m_keyring = qgetenv("SALLYPORT_TEST_KEYRING");

    static std::string find(SecretStores& stores, const std::string& key)
    {
        std::optional<Result<SecretStores::Found, SecretError>> got;
        stores.find(key, [&](auto found) { got = std::move(found); });
        if (!runUntil([&] { return got.has_value(); }))
            return "no answer";
        return *got ? std::string((*got)->secret.reveal())
                    : "failed: " + std::string(toText(control::problemOf(got->error()).code));
    }
    static std::string keep(SecretStores& stores, const std::string& key, const char* token,
                            bool preferFile = false)
    {
        std::optional<Result<SecretStores::Kept, SecretError>> got;
        stores.keep(key, Secret(token), preferFile, [&](auto kept) { got = std::move(kept); });
        if (!runUntil([&] { return got.has_value(); }))
            return "no answer";
        return !*got ? "failed" : (*got)->inFile ? "file" : "keychain";
    }

    // Another run of the keyring takes the place of the one there is.
    static std::unique_ptr<QProcess> runAnew(bool unlocked)
    {
        auto daemon = std::make_unique<QProcess>();
        daemon->start("gnome-keyring-daemon", {"--foreground", "--replace", "--components=secrets",
                                               unlocked ? "--unlock" : "--start"});
        daemon->write(unlocked ? "pw\n" : "");
        daemon->closeWriteChannel();
        const auto owner = [] {
            QProcess ask;
            ask.start("dbus-send", {"--session", "--print-reply", "--dest=org.freedesktop.DBus",
                                    "/", "org.freedesktop.DBus.GetConnectionUnixProcessID",
                                    "string:org.freedesktop.secrets"});
            ask.waitForFinished();
            return ask.readAll().simplified().split(' ').last().toLongLong();
        };
        (void)QTest::qWaitFor([&] { return owner() == daemon->processId(); }, 10'000);
        return daemon;
    }

private slots:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        if (!m_keyring.isEmpty())
            return;
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_home.path().toUtf8());
        qunsetenv("DISPLAY");
    }

    // QtKeychain has one queue for the whole process.
    void severalStoresUseOneKeychain()
    {
        const bool unlocked = m_keyring == "unlocked";
        for (int round = 0; round < 5; ++round) {
            SecretStores first;
            auto second = std::make_unique<SecretStores>();
            const std::string key = "relay" + std::to_string(round) + ":7000";
            QCOMPARE(keep(first, key, "spt_one"), std::string(unlocked ? "keychain" : "file"));
            QCOMPARE(find(*second, key), std::string("spt_one"));
            // At once, and one of the two goes before it has its answer.
            second->find(key, [](auto) { QFAIL("an answer to somebody who has gone"); });
            std::optional<bool> found;
            first.find(key, [&](const auto& got) { found = got.ok(); });
            second.reset();
            QVERIFY(runUntil([&] { return found.has_value(); }));
            QVERIFY(*found);
        }
    }

    void whatIsFoundSaysWhetherItLiesInAFile()
    {
        SecretStores stores;
        const std::string kept = keep(stores, "place:7000", "spt_one");
        std::optional<bool> inFile;
        stores.find("place:7000", [&](const auto& got) { inFile = got && got->inFile; });
        QVERIFY(runUntil([&] { return inFile.has_value(); }));
        QCOMPARE(*inFile, kept == "file");
    }

    void aKeychainThatCanNotBeUsedIsNotTheSameAsNoToken()
    {
        SecretStores stores;
        const bool unlocked = m_keyring == "unlocked";
        QCOMPARE(find(stores, "unknown:7000"),
                 std::string(unlocked ? "failed: token_missing" : "failed: keychain_locked"));
    }

    void aTokenOfTheFileMovesToTheKeychain()
    {
        const std::string key = "moved:7000";
        const bool unlocked = m_keyring == "unlocked";
        SecretStores stores;
        QCOMPARE(keep(stores, key, "spt_moved", true), std::string("file"));
        std::optional<Result<void, SecretError>> moved;
        stores.moveToKeychain(key, [&](auto result) { moved = std::move(result); });
        QVERIFY(runUntil([&] { return moved.has_value(); }));
        QCOMPARE(moved->ok(), unlocked);
        std::optional<bool> inFile;
        stores.find(key, [&](const auto& got) { inFile = got && got->inFile; });
        QVERIFY(runUntil([&] { return inFile.has_value(); }));
        QCOMPARE(*inFile, !unlocked);
        QCOMPARE(find(stores, key), std::string("spt_moved"));
        if (!unlocked)
            return;
        moved.reset(); // once more does no harm
        stores.moveToKeychain(key, [&](auto result) { moved = std::move(result); });
        QVERIFY(runUntil([&] { return moved.has_value(); }));
        QVERIFY(moved->ok());
        QCOMPARE(find(stores, key), std::string("spt_moved"));
    }

    // Which account has a token, where it can be read, and where it can't.
    void findsTheAccountOfAToken()
    {
        const bool unlocked = m_keyring == "unlocked";
        const std::string token = "spt_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78St90Uv1";
        const std::string jwt =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ." + std::string(37, 'x') + "Ab12Cd";
        auto accounts = *control::Accounts::read();
        const auto relay = *config::RelayAddress::parse("several.example");
        control::KnownAccount known;
        known.relay = relay;
        for (const std::string& text : {std::string("spt_another_token_in_the_file"), token, jwt}) {
            known.number = *accounts.freeNumber(relay);
            known.tokenHint = control::tokenHint(Secret(text));
            QVERIFY(accounts.put(known).ok());
        }
        SecretStores stores;
        const std::string first = "several.example:7000";
        QCOMPARE(keep(stores, first, "spt_another_token_in_the_file", true), std::string("file"));
        stores.lookAgain();
        const auto search = [&](const std::string& text) {
            std::optional<control::AccountSearch> found;
            control::findAccountOf(Secret(text), relay, accounts, stores,
                                   [&](control::AccountSearch got) { found = std::move(got); });
            (void)runUntil([&] { return found.has_value(); });
            return found.value_or(control::AccountSearch{"no answer", {}});
        };
        QCOMPARE(search("spt_another_token_in_the_file").same, first);
        // Of one that can't be read the hint decides; where it is gone there is room for another.
        QCOMPARE(search(token).same, unlocked ? std::string() : first + "#2");
        QCOMPARE(search(token).vacant, unlocked ? first + "#2" : std::string());
        QCOMPARE(search(jwt).same, std::string());
        if (!unlocked)
            return;
        QCOMPARE(keep(stores, first + "#3", jwt.c_str()), std::string("keychain"));
        QCOMPARE(search(jwt).same, first + "#3");
    }

    void anAccountTellsWhetherItsTokenCanMove()
    {
        control::KnownAccount known;
        known.relay = *config::RelayAddress::parse("127.0.0.1:1");
        known.inFile = true;
        SecretStores stores;
        QCOMPARE(keep(stores, known.id(), "spt_kept", true), std::string("file"));
        auto accounts = *control::Accounts::read();
        QVERIFY(accounts.put(known).ok());
        QVERIFY(accounts.write().ok());
        control::AgentControlOptions options;
        options.capture.keepHistory = false;
        control::LocalAgentControl agent(options, nullptr);
        agent.start();
        if (m_keyring.isEmpty()) {
            bool asked = false;
            stores.lookForKeychain([&](bool isThere) { asked = !isThere; });
            QVERIFY(runUntil([&] { return asked; }));
            QVERIFY(!agent.accounts().front().canMove);
            return;
        }
        // One that is locked can be asked to open.
        QVERIFY(runUntil([&] { return agent.accounts().front().canMove; }));
        std::optional<Result<void, agent::Problem>> moved;
        agent.moveToKeychain(known.id(), [&](auto result) { moved = std::move(result); });
        QVERIFY(runUntil([&] { return moved.has_value(); }));
        QCOMPARE(moved->ok(), m_keyring == "unlocked");
        QCOMPARE(agent.accounts().front().inFile, m_keyring != "unlocked");
        QCOMPARE(agent.accounts().front().canMove, m_keyring != "unlocked");
        stores.lookAgain(); // what another one moved
        QCOMPARE(find(stores, known.id()), std::string("spt_kept"));
        const auto file = config::readFile(control::credentialsFile());
        QCOMPARE(file.ok() && file->text.find("spt_kept") != std::string::npos,
                 m_keyring != "unlocked");
    }

    // Of a service that starts before anybody logs in: it asks no keychain.
    void whatWasHandedToAServiceIsAllThatItHas()
    {
        QTemporaryDir folder;
        (void)config::writeFileAtomically(
            folder.filePath(control::HandedTokens::FileName).toStdString(), "a:7000 spt_a\n");
        qputenv("CREDENTIALS_DIRECTORY", folder.path().toUtf8());
        SecretStores stores;
        qunsetenv("CREDENTIALS_DIRECTORY");
        QCOMPARE(find(stores, "a:7000"), std::string("spt_a"));
        QCOMPARE(find(stores, "b:7000"), std::string("failed: keychain_locked"));
        QCOMPARE(keep(stores, "b:7000", "spt_b"), std::string("keychain")); // until it ends
        QCOMPARE(keep(stores, "a:7000", "spt_newer"), std::string("keychain"));
        QCOMPARE(find(stores, "a:7000"), std::string("spt_newer"));
        QCOMPARE(find(stores, "b:7000"), std::string("spt_b"));
        QVERIFY(!QFile::exists(m_home.filePath("sallyport/credentials.yaml")) ||
                config::readFile(m_home.filePath("sallyport/credentials.yaml").toStdString())
                        ->text.find("spt_newer") == std::string::npos);
        std::optional<bool> removed;
        stores.remove("a:7000", [&](const auto& got) { removed = got.ok(); });
        QVERIFY(runUntil([&] { return removed.has_value(); }));
        QVERIFY(*removed);
        QCOMPARE(find(stores, "a:7000"), std::string("failed: keychain_locked"));
    }

    void aKeyringThatRanAnewIsUsedAgain()
    {
        if (m_keyring != "unlocked")
            QSKIP("needs a keyring that is unlocked");
        SecretStores stores;
        QCOMPARE(keep(stores, "relay:7000", "spt_kept"), std::string("keychain"));
        auto daemon = runAnew(true);
        QCOMPARE(find(stores, "relay:7000"), std::string("spt_kept"));
        daemon = runAnew(true);
        QCOMPARE(keep(stores, "relay:7000", "spt_newer"), std::string("keychain"));
        for (int round = 0; round < 2; ++round) {
            const auto locked = runAnew(false);
            QCOMPARE(find(stores, "relay:7000"), std::string("failed: keychain_locked"));
            daemon = runAnew(true);
            stores.lookAgain();
            QCOMPARE(find(stores, "relay:7000"), std::string("spt_newer"));
        }
        daemon->terminate();
        daemon->waitForFinished();
    }
};

QTEST_GUILESS_MAIN(TestSecretStores)
#include "tst_secret_stores.moc"
