// The relay's own certificate authority as a folder.
#include "authority/ca_store.h"

#include <sallyport/config/files.h>
#include <sallyport/tls/keys.h>
#include <sallyport/tls/private_key.h>
#include <sallyport/tls/revocation.h>

#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace sallyport;
using namespace sallyport::relay;
using auth::Timestamp;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

struct Folder
{
    QTemporaryDir dir;
    CaStore store{CaStore::folderIn(dir.path().toStdString()), seconds(1)};
    Timestamp now = auth::timestampNow();

    CaInit initOptions() const
    {
        CaInit init;
        init.name = "example.com";
        init.serverKeyPem = tls::makeKey().value();
        init.serverNames = {"example.com", "127.0.0.1"};
        return init;
    }
    Folder& made()
    {
        const auto done = store.init(initOptions(), now);
        if (!done)
            QTest::qFail(done.error().message.c_str(), __FILE__, __LINE__);
        return *this;
    }
    CaIssued issue(const std::string& name, seconds lifetime = hours(24 * 90))
    {
        CaIssue request;
        request.name = name;
        request.lifetime = lifetime;
        return store.issue(request, now).value();
    }
};

tls::Certificate leafOf(const CaIssued& issued)
{
    return tls::Certificate::fromPem(issued.chainPem).value();
}

} // namespace

class TestCaStore : public QObject
{
    Q_OBJECT

private slots:
    void makesAnAuthorityOnce();
    void keepsKeysToTheirOwner();
    void putsTheRootsKeyElsewhereUnderAPassphrase();
    void issuesABundleAndListsIt();
    void keepsAPolicyThatIsNotMentioned();
    void refusesIssues_data();
    void refusesIssues();
    void certifiesARequest();
    void revokesByNameAndBySerial();
    void forgetsWhatEndedLongAgo();
    void renewsForTheSameNameAndLifetime();
    void renewsNothingForOthers();
    void givesTheIntermediateALongerLife();
    void endsEverythingWhenTheIntermediateWasStolen();
    void namesTheLineOfADamagedIndex();
    void waitsForTheLockAndGivesUp();
    void letsManyIssueAtOnce();
    void saysWhatIsMissing();
};

void TestCaStore::makesAnAuthorityOnce()
{
    Folder folder;
    QVERIFY(!folder.store.exists());
    folder.made();
    QVERIFY(folder.store.exists());
    const auto contents = folder.store.load();
    QVERIFY(contents.ok());
    const auto server = tls::certificatesFromPem(contents.value().serverChainPem);
    QCOMPARE(server.value().size(), size_t(2));
    QVERIFY(server.value()[0].names == (std::vector<std::string>{"example.com", "127.0.0.1"}));
    QCOMPARE(
        tls::RevocationLists::fromText(contents.value().revocationLists).value()->lists().size(),
        size_t(2));
    const auto again = folder.store.init(folder.initOptions(), folder.now);
    QVERIFY(!again.ok());
    QCOMPARE(again.error().code, CaError::Code::Exists);
}

void TestCaStore::keepsKeysToTheirOwner()
{
    Folder folder;
    folder.made();
    for (const char* name : {"root.key", "intermediate.key", "index.txt", "tenants.yaml"}) {
        const auto read = config::readFile(folder.store.file(name));
        QVERIFY(read.ok());
        QCOMPARE(read.value().mode, 0600u);
    }
    const auto mode = QFileInfo(folder.dir.path() + "/ca").permissions();
    QVERIFY(!(mode & (QFile::ReadGroup | QFile::ReadOther)));
}

void TestCaStore::putsTheRootsKeyElsewhereUnderAPassphrase()
{
    Folder folder;
    CaInit init = folder.initOptions();
    init.rootKey = {folder.dir.filePath("away.key").toStdString(), Secret("correct horse")};
    QVERIFY(folder.store.init(init, folder.now).ok());
    QVERIFY(!QFile::exists(folder.dir.filePath("ca/root.key")));
    QVERIFY(tls::isEncryptedKey(config::readFile(init.rootKey.file).value().text));

    const auto absent = folder.store.renewIntermediate({}, false, folder.now);
    QVERIFY(!absent.ok());
    QVERIFY(absent.error().message.find("--root-key") != std::string::npos);
    const auto closed = folder.store.renewIntermediate({init.rootKey.file, {}}, false, folder.now);
    QVERIFY(!closed.ok());
    QVERIFY(closed.error().message.find("--passphrase") != std::string::npos);
    QVERIFY(
        !folder.store.renewIntermediate({init.rootKey.file, Secret("battery")}, false, folder.now)
             .ok());
    QVERIFY(folder.store.renewIntermediate(init.rootKey, false, folder.now).ok());
}

void TestCaStore::issuesABundleAndListsIt()
{
    Folder folder;
    folder.made();
    CaIssue request;
    request.name = "alice";
    request.policy.hostnames = auth::Patterns{false, {"api.acme.org"}};
    const auto issued = folder.store.issue(request, folder.now);
    QVERIFY(issued.ok());
    QVERIFY(tls::checkKeyPair({issued.value().chainPem, issued.value().keyPem}, folder.now).ok());
    const tls::Certificate leaf = leafOf(*issued);
    QCOMPARE(leaf.commonName, std::string("alice"));
    QCOMPARE(leaf.serial, issued.value().record.serial);
    const auto contents = folder.store.load();
    const IssuedCertificate* listed = contents.value().index.find(leaf.serial);
    QVERIFY(listed);
    QCOMPARE(listed->name, std::string("alice"));
    QVERIFY(listed->isGood(folder.now));
    QVERIFY(listed->expires == folder.now + hours(24 * 90));
    const auth::Tenant* tenant = contents.value().tenants.byIdentity("alice");
    QVERIFY(tenant);
    QVERIFY(tenant->permissions.hostnames.items == std::vector<std::string>{"api.acme.org"});
}

void TestCaStore::keepsAPolicyThatIsNotMentioned()
{
    Folder folder;
    folder.made();
    CaIssue request;
    request.name = "alice";
    request.policy.hostnames = auth::Patterns{false, {"api.acme.org"}};
    QVERIFY(folder.store.issue(request, folder.now).ok());
    request.policy = {};
    request.policy.names = auth::Patterns::none();
    QVERIFY(folder.store.issue(request, folder.now).ok());
    const auto contents = folder.store.load();
    const auto& permissions = contents.value().tenants.byName("alice")->permissions;
    QVERIFY(permissions.names == auth::Patterns::none());
    QVERIFY(permissions.hostnames.items == std::vector<std::string>{"api.acme.org"});
}

void TestCaStore::refusesIssues_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("hostname");
    QTest::addColumn<QString>("request");
    QTest::newRow("empty name") << ""
                                << ""
                                << "";
    QTest::newRow("name with blanks") << "a b"
                                      << ""
                                      << "";
    QTest::newRow("bad hostname") << "alice"
                                  << "a_b"
                                  << "";
    QTest::newRow("bad request") << "alice"
                                 << ""
                                 << "nonsense";
}

void TestCaStore::refusesIssues()
{
    QFETCH(QString, name);
    QFETCH(QString, hostname);
    QFETCH(QString, request);
    Folder folder;
    folder.made();
    CaIssue issue;
    issue.name = name.toStdString();
    if (!hostname.isEmpty())
        issue.policy.hostnames = auth::Patterns{false, {hostname.toStdString()}};
    if (!request.isEmpty())
        issue.requestPem = request.toStdString();
    const auto refused = folder.store.issue(issue, folder.now);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, CaError::Code::Invalid);
    QVERIFY(folder.store.load().value().index.certificates().empty());
}

void TestCaStore::certifiesARequest()
{
    Folder folder;
    folder.made();
    const std::string key = tls::makeKey().value();
    CaIssue issue;
    issue.name = "alice";
    issue.requestPem = tls::makeSigningRequest(key, "somebody else").value();
    const auto issued = folder.store.issue(issue, folder.now);
    QVERIFY(issued.ok());
    QVERIFY(issued.value().keyPem.empty());
    QCOMPARE(leafOf(*issued).commonName, std::string("alice"));
    QVERIFY(tls::checkKeyPair({issued.value().chainPem, key}, folder.now).ok());
}

void TestCaStore::revokesByNameAndBySerial()
{
    Folder folder;
    folder.made();
    const CaIssued first = folder.issue("alice"), second = folder.issue("alice"),
                   other = folder.issue("bob");
    const auto one = folder.store.revoke(second.record.serial, folder.now);
    QCOMPARE(one.value().size(), size_t(1));
    const auto lists = [&] {
        return tls::RevocationLists::fromText(folder.store.load().value().revocationLists).value();
    };
    QVERIFY(!lists()->isRevoked(leafOf(first)));
    QVERIFY(lists()->isRevoked(leafOf(second)));
    QCOMPARE(folder.store.revoke("alice", folder.now).value().size(), size_t(1));
    QVERIFY(lists()->isRevoked(leafOf(first)));
    QVERIFY(!lists()->isRevoked(leafOf(other)));
    const auto again = folder.store.revoke("alice", folder.now);
    QVERIFY(!again.ok());
    QCOMPARE(again.error().code, CaError::Code::NotFound);
}

void TestCaStore::forgetsWhatEndedLongAgo()
{
    Folder folder;
    folder.made();
    const CaIssued old = folder.issue("alice", hours(1));
    folder.now += hours(24 * 20);
    folder.issue("bob");
    QVERIFY(folder.store.load().value().index.find(old.record.serial));
    folder.now += hours(24 * 20);
    folder.issue("bob");
    QVERIFY(!folder.store.load().value().index.find(old.record.serial));
}

void TestCaStore::renewsForTheSameNameAndLifetime()
{
    Folder folder;
    folder.made();
    const CaIssued old = folder.issue("alice", hours(24 * 10));
    folder.now += hours(24 * 7);
    const std::string key = tls::makeKey().value();
    const auto renewed = folder.store.renew(
        old.record.serial, tls::makeSigningRequest(key, "root").value(), folder.now);
    QVERIFY(renewed.ok());
    QCOMPARE(leafOf(*renewed).commonName, std::string("alice"));
    QVERIFY(renewed.value().record.expires == folder.now + hours(24 * 10));
    QVERIFY(tls::checkKeyPair({renewed.value().chainPem, key}, folder.now).ok());
}

void TestCaStore::renewsNothingForOthers()
{
    Folder folder;
    folder.made();
    const std::string request = tls::makeSigningRequest(tls::makeKey().value(), "alice").value();
    const CaIssued revoked = folder.issue("alice"), late = folder.issue("bob", hours(1));
    QVERIFY(folder.store.revoke("alice", folder.now).ok());
    const auto refuses = [&](const std::string& serial, Timestamp now) {
        const auto renewed = folder.store.renew(serial, request, now);
        return !renewed && renewed.error().code == CaError::Code::NotAllowed;
    };
    QVERIFY(refuses(revoked.record.serial, folder.now));
    QVERIFY(refuses(late.record.serial, folder.now + hours(2)));
    QVERIFY(refuses("0123456789abcdef", folder.now));
}

void TestCaStore::givesTheIntermediateALongerLife()
{
    Folder folder;
    folder.made();
    const CaIssued alice = folder.issue("alice");
    QVERIFY(folder.store.revoke("alice", folder.now).ok());
    const auto before = folder.store.load().value().intermediateEnds;
    folder.now += hours(24 * 30);
    QVERIFY(folder.store.renewIntermediate({}, false, folder.now).ok());
    const auto after = folder.store.load();
    QVERIFY(after.value().intermediateEnds > before);
    // What the old one said still holds.
    const auto lists = tls::RevocationLists::fromText(after.value().revocationLists);
    QVERIFY(lists.value()->isRevoked(leafOf(alice)));
}

void TestCaStore::endsEverythingWhenTheIntermediateWasStolen()
{
    Folder folder;
    folder.made();
    const CaIssued alice = folder.issue("alice");
    const auto old =
        tls::Certificate::fromPem(config::readFile(folder.store.file("intermediate.crt"))->text);
    QVERIFY(folder.store.renewIntermediate({}, true, folder.now).ok());
    const auto again =
        tls::Certificate::fromPem(config::readFile(folder.store.file("intermediate.crt"))->text);
    // Twice, so that the root's list must grow.
    QVERIFY(folder.store.renewIntermediate({}, true, folder.now).ok());
    const auto contents = folder.store.load();
    const auto lists = tls::RevocationLists::fromText(contents.value().revocationLists);
    QVERIFY(lists.value()->isRevoked(old.value()));
    QVERIFY(lists.value()->isRevoked(again.value()));
    QVERIFY(!contents.value().index.find(alice.record.serial)->isGood(folder.now));
    const CaIssued fresh = folder.issue("alice");
    QVERIFY(folder.store.load().value().index.find(fresh.record.serial)->isGood(folder.now));
}

void TestCaStore::namesTheLineOfADamagedIndex()
{
    Folder folder;
    folder.made();
    folder.issue("alice");
    QFile index(QString::fromStdString(folder.store.file("index.txt")));
    QVERIFY(index.open(QIODevice::Append));
    index.write("deadbeef alice yesterday tomorrow -\n");
    index.close();
    const auto contents = folder.store.load();
    QVERIFY(!contents.ok());
    QVERIFY2(contents.error().message.find("index.txt:3") != std::string::npos,
             contents.error().message.c_str());
    // And nobody writes over it.
    CaIssue issue;
    issue.name = "bob";
    QVERIFY(!folder.store.issue(issue, folder.now).ok());
}

void TestCaStore::waitsForTheLockAndGivesUp()
{
    Folder folder;
    folder.made();
    QLockFile held(QString::fromStdString(folder.store.file("lock")));
    QVERIFY(held.lock());
    CaStore impatient(CaStore::folderIn(folder.dir.path().toStdString()),
                      std::chrono::milliseconds(0));
    CaIssue issue;
    issue.name = "alice";
    const auto refused = impatient.issue(issue, folder.now);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, CaError::Code::Locked);
}

void TestCaStore::letsManyIssueAtOnce()
{
    Folder folder;
    folder.made();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&folder, i] {
            CaStore store(CaStore::folderIn(folder.dir.path().toStdString()), seconds(60));
            CaIssue issue;
            issue.name = "agent" + std::to_string(i);
            for (int n = 0; n < 5; ++n)
                (void)store.issue(issue, folder.now);
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(folder.store.load().value().index.certificates().size(), size_t(20));
    QCOMPARE(folder.store.load().value().tenants.tenants().size(), size_t(4));
}

void TestCaStore::saysWhatIsMissing()
{
    Folder folder;
    CaIssue issue;
    issue.name = "alice";
    const auto refused = folder.store.issue(issue, folder.now);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, CaError::Code::Missing);
    QVERIFY(refused.error().message.find("ca init") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestCaStore)
#include "tst_ca_store.moc"
