#include "token_command.h"

#include <sallyport/agent/token_sources.h>
#include <sallyport/jose/jws.h>

#include <QTemporaryDir>
#include <QtTest>

using namespace sallyport;
using namespace sallyport::agent;

class TestTokenSources : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatAProgramPrints_data();
    void readsWhatAProgramPrints();
    void runsTheProgramWithWhatItNeedsToKnow();
    void saysWhyAProgramGaveNoToken_data();
    void saysWhyAProgramGaveNoToken();
    void usesATokenAgainForAsLongAsItMay();
    void theLatestQuestionWaitsForTheProgram();
    void answersAlsoWhenTheProviderIsGone();
    void readsAFileAnewEachTime();
    void signsTokensThatCarryTheNonce();
    void refusesToSignWithAWeakSecret();

private:
    std::string file(const char* name, const QByteArray& text, bool executable = false)
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile target(path);
        if (!target.open(QIODevice::WriteOnly | QIODevice::Truncate))
            return {};
        target.write(text);
        target.close();
        if (executable)
            target.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return path.toStdString();
    }
    // What a source answers; an error begins with "!".
    static std::string ask(const TokenProvider& source, const TokenQuestion& question = {})
    {
        std::string answer;
        source(question, [&](const Result<Secret, std::string>& token) {
            answer = token ? std::string(token->reveal()) : "!" + token.error();
        });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(!answer.empty(), 30'000); }();
        return answer;
    }
    config::AgentCredentials program(const QByteArray& script)
    {
        config::AgentCredentials credentials;
        credentials.command = {file("program", "#!/bin/sh\n" + script, true), "an argument"};
        return credentials;
    }

    QTemporaryDir m_folder;
};

void TestTokenSources::readsWhatAProgramPrints_data()
{
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("token"); // empty: refused
    QTest::newRow("a line") << QByteArray("a.b.c\n") << QByteArray("a.b.c");
    QTest::newRow("more lines") << QByteArray("\n  a.b.c \r\nmore\n") << QByteArray("a.b.c");
    QTest::newRow("JSON") << QByteArray(R"( {"token":"a.b.c","expiry":"2027-01-31T12:00:00Z"})")
                          << QByteArray("a.b.c");
    QTest::newRow("JSON without expiry") << QByteArray(R"({"token":"t"})") << QByteArray("t");
    QTest::newRow("nothing") << QByteArray("\n") << QByteArray();
    QTest::newRow("words") << QByteArray("Error: not logged in\n") << QByteArray();
    QTest::newRow("broken JSON") << QByteArray("{\"token\":") << QByteArray();
    QTest::newRow("JSON without a token") << QByteArray("{}") << QByteArray();
    QTest::newRow("a bad expiry") << QByteArray(R"({"token":"t","expiry":"soon"})") << QByteArray();
    QTest::newRow("too long") << QByteArray(9000, 'x') << QByteArray();
}

void TestTokenSources::readsWhatAProgramPrints()
{
    QFETCH(QByteArray, output);
    QFETCH(QByteArray, token);
    const auto printed = readPrintedToken(output.toStdString());
    QCOMPARE(printed.ok(), !token.isEmpty());
    if (printed.ok())
        QCOMPARE(printed->token.reveal(), token.toStdString());
}

void TestTokenSources::runsTheProgramWithWhatItNeedsToKnow()
{
    qputenv("SALLYPORT_TOKEN", "spt_another");
    const auto source = tokenFromCommand(
        program("echo \"$SALLYPORT_STAGE/$SALLYPORT_NONCE/$SALLYPORT_NAMES/$SALLYPORT_HOSTNAMES/"
                "$SALLYPORT_TCP_PORTS/$1/$SALLYPORT_TOKEN\" | tr ' ' _"));
    TokenQuestion question;
    question.names = {"a", "b"};
    question.hostnames = {"app.acme.org"};
    question.tcpPorts = {22, 80};
    QCOMPARE(ask(source, question), "handshake//a,b/app.acme.org/22,80/an_argument/");
    question.stage = TokenQuestion::Stage::Reauth;
    question.nonce = "n1";
    QCOMPARE(ask(source, question), "reauth/n1/a,b/app.acme.org/22,80/an_argument/");
    qunsetenv("SALLYPORT_TOKEN");
}

void TestTokenSources::saysWhyAProgramGaveNoToken_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("fails") << QByteArray("echo secret; exit 7") << QByteArray("exit code 7");
    QTest::newRow("is killed") << QByteArray("kill -9 $$") << QByteArray("crashed");
    QTest::newRow("prints nothing") << QByteArray("true") << QByteArray("printed nothing");
    QTest::newRow("prints without end") << QByteArray("exec yes secret") << QByteArray("too much");
    QTest::newRow("does not end") << QByteArray("exec sleep 1000") << QByteArray("longer than");
}

void TestTokenSources::saysWhyAProgramGaveNoToken()
{
    QFETCH(QByteArray, script);
    QFETCH(QByteArray, words);
    auto credentials = program(script);
    credentials.commandTimeout = std::chrono::milliseconds(script.contains("sleep") ? 100 : 20'000);
    const std::string answer = ask(tokenFromCommand(credentials));
    QVERIFY2(answer.starts_with("!token_command ") &&
                 answer.find(words.toStdString()) != std::string::npos,
             answer.c_str());
    QVERIFY(answer.find("secret") == std::string::npos);
    credentials.command = {m_folder.filePath(QStringLiteral("missing")).toStdString()};
    QVERIFY(ask(tokenFromCommand(credentials)).find("cannot be run") != std::string::npos);
}

void TestTokenSources::usesATokenAgainForAsLongAsItMay()
{
    const QByteArray count = "echo x >> " + m_folder.filePath(QStringLiteral("runs")).toUtf8() +
                             "; wc -l < " + m_folder.filePath(QStringLiteral("runs")).toUtf8() +
                             " | tr -d ' '";
    auto credentials = program(count);
    credentials.commandCache = std::chrono::hours(1);
    const auto source = tokenFromCommand(credentials);
    QCOMPARE(ask(source), "1");
    QCOMPARE(ask(source), "1");
    TokenQuestion bound;
    bound.nonce = "n";
    QCOMPARE(ask(source, bound), "2");
    QCOMPARE(ask(source), "1"); // not the one with the nonce
    // One that is about to expire is not used again.
    auto brief = program(count + R"( | sed 's/.*/{"token":"&","expiry":"2020-01-01T00:00:00Z"}/')");
    brief.commandCache = std::chrono::hours(1);
    const auto other = tokenFromCommand(brief);
    QCOMPARE(ask(other), "3");
    QCOMPARE(ask(other), "4");
}

void TestTokenSources::theLatestQuestionWaitsForTheProgram()
{
    const auto source = tokenFromCommand(program("echo \"n:$SALLYPORT_NONCE\""));
    std::vector<std::string> answers;
    for (const char* nonce : {"1", "2", "3"}) {
        TokenQuestion question;
        question.nonce = nonce;
        source(question, [&](const Result<Secret, std::string>& token) {
            answers.emplace_back(token ? token->reveal() : token.error());
        });
    }
    QTRY_COMPARE_WITH_TIMEOUT(answers.size(), 3u, 30'000);
    QVERIFY(answers == std::vector<std::string>({"a later question took its place", "n:1", "n:3"}));
}

void TestTokenSources::answersAlsoWhenTheProviderIsGone()
{
    std::string answer;
    tokenFromCommand(program("echo token"))({}, [&](const Result<Secret, std::string>& token) {
        answer = token ? token->reveal() : token.error();
    });
    QTRY_COMPARE_WITH_TIMEOUT(answer, std::string("token"), 30'000);
}

void TestTokenSources::readsAFileAnewEachTime()
{
    const std::string path = file("token", "a.b.c\n");
    const auto source = tokenFromFile(path);
    QCOMPARE(ask(source), "a.b.c");
    file("token", "d.e.f");
    QCOMPARE(ask(source), "d.e.f");
    file("token", "\n");
    QVERIFY(ask(source).starts_with("!"));
    QFile::remove(QString::fromStdString(path));
    QVERIFY(ask(source).find("does not exist") != std::string::npos);
}

void TestTokenSources::signsTokensThatCarryTheNonce()
{
    const QByteArray secret = "u9Xk2vQzE7rTnB4cWm1yHs6pLd8fGj3aJxRqKo5tUiNeCbVZ";
    config::AgentCredentials::Jwt config;
    config.secretFile = file("secret", secret + "\n");
    config.names = {"a", "b"};
    const auto source = mintedToken(config, "den");
    TokenQuestion question;
    const std::string first = ask(source, question);
    question.nonce = "n1";
    const std::string second = ask(source, question);
    const jose::KeySet keys({*jose::Key::fromSecret(secret.toStdString())});
    const auto claims = jose::verifyJws(second, keys);
    QVERIFY(claims.ok());
    QCOMPARE(claims->payload.textOf("sub"), "den");
    QCOMPARE(claims->payload.textOf("aud"), "sallyport");
    QCOMPARE(claims->payload.textOf("session_nonce"), "n1");
    QCOMPARE(claims->payload.textOf("hostnames"), "any");
    QCOMPARE(claims->payload.find("names")->list()->size(), 2u);
    QVERIFY(*claims->payload.find("exp")->integer() ==
            *claims->payload.find("iat")->integer() + 60);
    // The first half says that it is one.
    const auto half = jose::verifyJws(first, keys);
    QVERIFY(half.ok() && half->payload.find("session_nonce"));
    QCOMPARE(half->payload.textOf("session_nonce"), "");
    QVERIFY(half->payload.textOf("jti") != claims->payload.textOf("jti"));
}

void TestTokenSources::refusesToSignWithAWeakSecret()
{
    config::AgentCredentials::Jwt config;
    config.secretFile = file("secret", "changeme");
    const std::string answer = ask(mintedToken(config, "den"));
    QVERIFY(answer.find("too short") != std::string::npos);
    QVERIFY(answer.find("changeme") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestTokenSources)
#include "tst_token_sources.moc"
