// tokens.yaml: read strictly, changed with care.
#include <sallyport/auth/token_store.h>

#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <set>
#include <thread>

using namespace sallyport;
using namespace sallyport::auth;

class TestTokenStore : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    const Timestamp m_now = *parseTimestamp("2026-01-31T12:00:00Z");
    const std::string m_hashA = "sha256:" + std::string(64, 'a');
    const std::string m_hashB = "sha256:" + std::string(64, 'b');

    std::string file() const { return m_folder->filePath("tokens.yaml").toStdString(); }
    TokenStore store() const { return TokenStore(file()); }
    std::string text() const { return config::readFile(file())->text; }
    void write(const std::string& contents) const
    {
        QVERIFY(config::writeFileAtomically(file(), contents));
    }
    std::string item(const std::string& id, const std::string& name, const std::string& hash,
                     const std::string& more = "") const
    {
        return "  - id: " + id + "\n    name: " + name + "\n    hash: " + hash + "\n" + more;
    }
    std::string refusal(const std::string& contents) const
    {
        const auto records = parseTokens(contents, "tokens.yaml");
        return records ? "" : records.error().text();
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void isEmptyWithoutAFile()
    {
        const auto set = store().load();
        QVERIFY(set);
        QVERIFY((*set)->empty());
    }

    void addsATokenThatThenAuthenticates()
    {
        const auto added = store().add({"alice", {}, {}}, m_now);
        QVERIFY2(added, added ? "" : added.error().message.c_str());
        const auto set = store().load();
        QVERIFY(set);
        const auto grant = (*set)->authenticate(added->token.reveal(), m_now);
        QVERIFY(grant);
        QCOMPARE(grant->tenant(), std::string("alice"));
        QCOMPARE(grant->credentialId(), added->record.id);
        QVERIFY(!grant->mayUseHostname("x.org"));
        QVERIFY((*set)->records()[0] == added->record);
        QCOMPARE((*set)->records()[0].created, std::optional(m_now));
    }

    void keepsOnlyTheHashInAFileOfItsOwner()
    {
        const auto added = store().add({"alice", {}, {}}, m_now);
        QVERIFY(text().find(added->token.reveal()) == std::string::npos);
        QVERIFY(text().find(hashText(added->token.hash())) != std::string::npos);
        struct stat info
        {};
        QCOMPARE(::stat(file().c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777, 0600u);
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden),
                 QStringList("tokens.yaml"));
    }

    void writesAndReadsEveryPermission()
    {
        TokenRequest request;
        request.name = "ci@acme.org";
        request.permissions.kinds = {config::TunnelKind::Http, config::TunnelKind::Tcp};
        request.permissions.names.any = false;
        request.permissions.names.items = {"api", "pr-*"};
        request.permissions.hostnames.items = {"api.acme.org", "*.acme.org"};
        request.permissions.ports = *config::PortRanges::parse("20000-20099,22");
        request.expires = *parseTimestamp("2027-01-31T12:00:00Z");
        const auto added = store().add(request, m_now);
        QVERIFY2(added, added ? "" : added.error().message.c_str());
        const auto set = store().load();
        QVERIFY(set);
        QVERIFY((*set)->records()[0] == added->record);
        QVERIFY((*set)->records()[0].permissions == request.permissions);
        QCOMPARE((*set)->records()[0].expires, request.expires);
    }

    void readsWhatPeopleWrite()
    {
        const auto records = parseTokens(R"(
tokens:
- {id: a, name: "no", hash: )" + m_hashA + R"(, hostnames: any, ports: none}
-   name: bob   # comment
    id: b
    hash: )" + m_hashB + R"(
    kinds: tcp
    names: [x, 'y-*']
    expires: 2027-01-31
)",
                                         "tokens.yaml");
        QVERIFY2(records, records ? "" : records.error().text().c_str());
        QCOMPARE(records->size(), size_t(2));
        QVERIFY((*records)[0].permissions.hostnames.any);
        QVERIFY((*records)[0].permissions.ports.empty());
        QVERIFY((*records)[0].permissions.names.any);
        QCOMPARE((*records)[1].permissions.kinds, std::vector{config::TunnelKind::Tcp});
        QVERIFY(parseTokens("tokens:\n", "x"));
        QVERIFY(parseTokens("tokens: []\n", "x"));
    }

    void refusesWithLineAndKey_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("start");
        const auto add = [](const char* name, const std::string& text, const char* start) {
            QTest::newRow(name) << QString::fromStdString(text) << start;
        };
        add("unknown key", "tokens:\n" + item("a", "x", m_hashA, "    prots: any\n"),
            "tokens.yaml:5: tokens[0].prots: unknown key, did you mean \"ports\"?");
        add("unknown top", "token:\n",
            "tokens.yaml:1: token: unknown key, did you mean \"tokens\"?");
        add("no list", "tokens: {a: b}\n", "tokens.yaml:1: tokens: must be a list");
        add("no map", "tokens: [a]\n", "tokens.yaml:1: tokens[0]: must hold keys");
        add("no hash", "tokens:\n  - id: a\n    name: x\n",
            "tokens.yaml:2: tokens[0]: hash is missing");
        add("bad hash", "tokens:\n" + item("a", "x", "sha256:12"),
            "tokens.yaml:4: tokens[0].hash \"sha256:12\": is not");
        add("bad id", "tokens:\n" + item("A b", "x", m_hashA),
            "tokens.yaml:2: tokens[0].id \"A b\": must be");
        add("bad name", "tokens:\n" + item("a", "\"x y\"", m_hashA),
            "tokens.yaml:3: tokens[0].name \"x y\": must be");
        add("bad kind", "tokens:\n" + item("a", "x", m_hashA, "    kinds: [http, quic]\n"),
            "tokens.yaml:5: tokens[0].kinds \"quic\": is no kind");
        add("no kind", "tokens:\n" + item("a", "x", m_hashA, "    kinds: []\n"),
            "tokens.yaml:5: tokens[0].kinds: is empty");
        add("bad pattern", "tokens:\n" + item("a", "x", m_hashA, "    names: [ok, A_B]\n"),
            "tokens.yaml:5: tokens[0].names[1] \"A_B\": underscore");
        add("bad hostname", "tokens:\n" + item("a", "x", m_hashA, "    hostnames: ['*.org']\n"),
            "tokens.yaml:5: tokens[0].hostnames[0] \"*.org\": a wildcard");
        add("bad time", "tokens:\n" + item("a", "x", m_hashA, "    expires: soon\n"),
            "tokens.yaml:5: tokens[0].expires \"soon\": is not a time");
        add("same id", "tokens:\n" + item("a", "x", m_hashA) + item("a", "x", m_hashB),
            "tokens.yaml:5: tokens[1].id \"a\": is the id of an earlier token");
        add("same hash", "tokens:\n" + item("a", "x", m_hashA) + item("b", "x", m_hashA),
            "tokens.yaml:5: tokens[1].hash: is the hash of an earlier token");
        add("no yaml", "tokens: [\n", "tokens.yaml:");
        add("scalar", "tokens\n", "tokens.yaml:1: must hold one key");
    }
    void refusesWithLineAndKey()
    {
        QFETCH(QString, text);
        QFETCH(QString, start);
        const QString said = QString::fromStdString(refusal(text.toStdString()));
        QVERIFY2(said.startsWith(start), qPrintable(said));
        QCOMPARE(said.count('\n'), 1);
    }

    void keepsCommentsAndOrderWhenItAddsAndRevokes()
    {
        const std::string before =
            "# mine\ntokens:\n    # of Alice\n    - id: a\n      name: alice\n      hash: " +
            m_hashA + "\n\n    # of Bob\n    - {id: b, name: bob, hash: " + m_hashB +
            "}\n# the end\n";
        write(before);
        const auto added = store().add({"carol", {}, {}}, m_now);
        QVERIFY2(added, added ? "" : added.error().message.c_str());
        QVERIFY2(text().starts_with(before), text().c_str());
        QCOMPARE((*store().load())->records().size(), size_t(3));

        QVERIFY(store().revoke("alice"));
        const std::string after = text();
        QVERIFY2(after.starts_with(
                     "# mine\ntokens:\n    # of Alice\n\n    # of Bob\n    - {id: b, name: bob"),
                 after.c_str());
        QCOMPARE((*store().load())->records().size(), size_t(2));
        QVERIFY(store().revoke("b"));
        QVERIFY(store().revoke(added->record.id));
        QVERIFY((*store().load())->empty());
        QVERIFY(text().find("# mine") != std::string::npos);
        // And begins again where nothing is left.
        QVERIFY(store().add({"dave", {}, {}}, m_now));
        QCOMPARE((*store().load())->records().size(), size_t(1));
        QVERIFY(text().find("# mine") != std::string::npos);
    }

    void writesAFileAnewWhoseFormItCannotEdit()
    {
        write("tokens: [{id: a, name: alice, hash: " + m_hashA + "}]\n");
        QVERIFY(store().add({"bob", {}, {}}, m_now));
        const auto set = store().load();
        QVERIFY(set);
        QCOMPARE((*set)->records().size(), size_t(2));
        QCOMPARE((*set)->records()[0].id, std::string("a"));
        write("tokens:\n- id: a\n  name: alice\n  hash: " + m_hashA); // no newline at the end
        QVERIFY(store().add({"bob", {}, {}}, m_now));
        QCOMPARE((*store().load())->records().size(), size_t(2));
    }

    void revokesByIdOrByANameThatIsUnique()
    {
        const auto first = store().add({"alice", {}, {}}, m_now);
        const auto second = store().add({"alice", {}, {}}, m_now);
        QVERIFY(second);
        const auto both = store().revoke("alice");
        QVERIFY(!both);
        QVERIFY(both.error().code == StoreError::Code::Ambiguous);
        QVERIFY(both.error().message.find(first->record.id) != std::string::npos);
        const auto gone = store().revoke(first->record.id);
        QVERIFY(gone);
        QVERIFY(*gone == first->record);
        QVERIFY(!(*store().load())->authenticate(first->token.reveal(), m_now));
        QVERIFY((*store().load())->authenticate(second->token.reveal(), m_now));
        QVERIFY(store().revoke("alice"));
        QVERIFY(store().revoke("alice").error().code == StoreError::Code::NotFound);
    }

    void refusesRequestsThatCouldNotBeReadBack()
    {
        TokenStore tokens = store();
        for (const char* name : {"", "two words", "a\nb", "käse"})
            QVERIFY2(tokens.add({name, {}, {}}, m_now).error().code == StoreError::Code::Invalid,
                     name);
        Permissions bad;
        bad.names.any = false;
        bad.names.items = {"A_B"};
        QVERIFY(tokens.add({"x", bad, {}}, m_now).error().code == StoreError::Code::Invalid);
        bad = {};
        bad.hostnames.items = {"*\"]\nevil: [\"x.org"};
        QVERIFY(tokens.add({"x", bad, {}}, m_now).error().code == StoreError::Code::Invalid);
        QVERIFY(!QFile::exists(m_folder->filePath("tokens.yaml")));
    }

    void touchesNothingWhenTheFileIsBroken()
    {
        write("tokens: [broken\n");
        QVERIFY(store().add({"x", {}, {}}, m_now).error().code == StoreError::Code::Unreadable);
        QVERIFY(store().revoke("x").error().code == StoreError::Code::Unreadable);
        QCOMPARE(text(), std::string("tokens: [broken\n"));
        QVERIFY(!store().load());
    }

    void saysWhenItCannotWrite()
    {
        TokenStore nowhere(m_folder->filePath("no/such/tokens.yaml").toStdString());
        QVERIFY(nowhere.add({"x", {}, {}}, m_now).error().code == StoreError::Code::Unwritable);
    }

    void waitsForTheLockOnlySoLong()
    {
        QLockFile lock(QString::fromStdString(file() + ".lock"));
        QVERIFY(lock.lock());
        TokenStore impatient(file(), std::chrono::milliseconds(50));
        const auto added = impatient.add({"x", {}, {}}, m_now);
        QVERIFY(added.error().code == StoreError::Code::Locked);
        lock.unlock();
        QVERIFY(impatient.add({"x", {}, {}}, m_now));
    }

    void losesNoTokenWhenSeveralWriteAtOnce()
    {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([this, t] {
                TokenStore own(file(), std::chrono::seconds(60));
                for (int i = 0; i < 5; ++i)
                    if (!own.add({"t" + std::to_string(t), {}, {}}, m_now))
                        qCritical("not added");
            });
        for (auto& thread : threads)
            thread.join();
        const auto set = store().load();
        QVERIFY(set);
        QCOMPARE((*set)->records().size(), size_t(20));
        std::set<std::string> ids;
        for (const TokenRecord& record : (*set)->records())
            ids.insert(record.id);
        QCOMPARE(ids.size(), size_t(20));
    }

    void refusesMoreTokensThanTheLimit()
    {
        std::string list = "tokens:\n";
        for (size_t i = 0; i <= TokenSet::MaxTokens; ++i)
            list += "- {id: a" + std::to_string(i) + "}\n";
        QVERIFY(refusal(list).starts_with("tokens.yaml:2: tokens: holds more than 10000 tokens"));
    }

    void refusesToGrowBeyondWhatItCanReadBack()
    {
        std::string list = "tokens:\n" + item("a", "x", m_hashA);
        list += "#" + std::string(config::MaxFileSize - list.size() - 10, 'x') + "\n";
        write(list);
        QVERIFY(store().load());
        const auto added = store().add({"y", {}, {}}, m_now);
        QVERIFY(!added);
        QVERIFY(added.error().code == StoreError::Code::Full);
        QVERIFY(store().load());
    }
};

QTEST_GUILESS_MAIN(TestTokenStore)
#include "tst_token_store.moc"
