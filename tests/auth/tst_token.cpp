// Tokens: made, recognised, hashed, authenticated.
#include <sallyport/auth/token.h>
#include <sallyport/auth/token_set.h>

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::auth;

class TestToken : public QObject
{
    Q_OBJECT

    const Timestamp m_now = *parseTimestamp("2026-01-31T12:00:00Z");

    static TokenRecord recordOf(const Token& token, const std::string& id, const std::string& name)
    {
        TokenRecord record;
        record.id = id;
        record.name = name;
        record.hash = token.hash();
        return record;
    }

private slots:
    void makesTokensOfTheDocumentedForm()
    {
        std::set<std::string> seen;
        for (int i = 0; i < 200; ++i) {
            const auto token = Token::generate();
            QVERIFY(token);
            const std::string text(token->reveal());
            QCOMPARE(text.size(), Token::Length);
            QVERIFY(text.starts_with("spt_"));
            QCOMPARE(text.find_first_not_of(
                         "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 4),
                     std::string::npos);
            QVERIFY(seen.insert(text).second);
            QVERIFY(Token::parse(text));
        }
    }

    void usesTheWholeAlphabetAtEachPlace()
    {
        // The first of 43 digits of a 256-bit number is 0 to w; the others are uniform.
        std::set<char> second;
        std::set<char> last;
        for (int i = 0; i < 2000; ++i) {
            const auto token = Token::generate();
            second.insert(token->reveal()[5]);
            last.insert(token->reveal()[46]);
        }
        QCOMPARE(second.size(), size_t(62));
        QCOMPARE(last.size(), size_t(62));
    }

    void keepsItsFormFromVersionToVersion()
    {
        // A change of checksum or hash would lock every agent out.
        const std::string text =
            "spt_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg" + std::string(KnownChecksum);
        const auto token = Token::parse(text);
        QVERIFY2(token, token ? "" : toText(token.error()).c_str());
        QCOMPARE(hashText(token->hash()), std::string(KnownHash));
    }

    void noticesEverySingleSlip()
    {
        const std::string text(Token::generate()->reveal());
        for (size_t i = 4; i < text.size(); ++i) {
            std::string slip = text;
            slip[i] = slip[i] == 'x' ? 'y' : 'x';
            QVERIFY(Token::parse(slip).error() == TokenError::BadChecksum);
        }
        for (size_t i = 4; i + 1 < text.size(); ++i) {
            std::string slip = text;
            std::swap(slip[i], slip[i + 1]);
            if (slip != text)
                QVERIFY(!Token::parse(slip));
        }
    }

    void saysWhatIsWrongWithATokenWithoutShowingIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("error");
        const QString good = QString::fromStdString(std::string(Token::generate()->reveal()));
        QTest::newRow("empty") << "" << int(TokenError::NotAToken);
        QTest::newRow("blank") << " \n" << int(TokenError::NotAToken);
        QTest::newRow("other") << "ghp_abc" << int(TokenError::NotAToken);
        QTest::newRow("short") << good.left(30) << int(TokenError::WrongLength);
        QTest::newRow("long") << good + "x" << int(TokenError::WrongLength);
        QTest::newRow("huge") << "spt_" + QString(100'000, 'x') << int(TokenError::WrongLength);
        QTest::newRow("character")
            << good.left(20) + "-" + good.mid(21) << int(TokenError::BadCharacter);
    }
    void saysWhatIsWrongWithATokenWithoutShowingIt()
    {
        QFETCH(QString, text);
        QFETCH(int, error);
        const auto token = Token::parse(text.toStdString());
        QVERIFY(!token);
        QCOMPARE(int(token.error()), error);
        if (text.size() > 10)
            QVERIFY(toText(token.error()).find(text.mid(4, 6).toStdString()) == std::string::npos);
    }

    void takesAPastedTokenWithBlanksAround()
    {
        const auto token = Token::generate();
        const auto parsed = Token::parse("  " + std::string(token->reveal()) + "\r\n");
        QVERIFY(parsed);
        QVERIFY(parsed->hash() == token->hash());
    }

    void showsAndReadsHashes()
    {
        const auto hash = Token::generate()->hash();
        QVERIFY(*parseHash(hashText(hash)) == hash);
        for (const std::string& text :
             {std::string(), std::string("sha256:"), std::string(64, 'a'),
              "sha256:" + std::string(63, 'a'), "sha256:" + std::string(65, 'a'),
              "sha256:" + std::string(64, 'g'), "sha256:" + std::string(64, 'A'),
              "sha256:" + std::string(64, '0'), "sha512:" + std::string(64, 'a')})
            QVERIFY2(!parseHash(text), text.c_str());
    }

    void authenticatesEachTokenOfASet()
    {
        std::vector<Token> tokens;
        std::vector<TokenRecord> records;
        for (int i = 0; i < 20; ++i) {
            tokens.push_back(*Token::generate());
            records.push_back(
                recordOf(tokens.back(), "t_" + std::to_string(i), "tenant" + std::to_string(i)));
        }
        const TokenSet set(records);
        for (int i = 0; i < 20; ++i) {
            const auto grant = set.authenticate(tokens[size_t(i)].reveal(), m_now);
            QVERIFY(grant);
            QCOMPARE(grant->credentialId(), "t_" + std::to_string(i));
            QCOMPARE(grant->tenant(), "tenant" + std::to_string(i));
        }
    }

    void refusesWithACodeAndASentence()
    {
        const auto token = Token::generate();
        TokenRecord record = recordOf(*token, "t_a", "alice");
        record.expires = m_now;
        const TokenSet set({record});
        QCOMPARE(set.authenticate(token->reveal(), m_now).error(), Refusal::Expired);
        QVERIFY(set.authenticate(token->reveal(), m_now - std::chrono::seconds(1)));
        QCOMPARE(set.authenticate(Token::generate()->reveal(), m_now).error(), Refusal::Unknown);
        QCOMPARE(set.authenticate("spt_nonsense", m_now).error(), Refusal::Malformed);
        QCOMPARE(TokenSet().authenticate(token->reveal(), m_now).error(), Refusal::Unknown);
        QCOMPARE(code(Refusal::Expired), std::string_view("expired_token"));
        for (const Refusal refusal : {Refusal::Malformed, Refusal::Unknown, Refusal::Expired})
            QVERIFY(!toText(refusal).empty() && !code(refusal).empty());
    }

    void looksAtAGrantAgainWhenTheFileHasChanged()
    {
        const auto token = Token::generate();
        TokenRecord record = recordOf(*token, "t_a", "alice");
        const auto grant = TokenSet({record}).authenticate(token->reveal(), m_now);
        QVERIFY(grant);
        QCOMPARE(TokenSet().revalidate(*grant, m_now).error(), Refusal::Unknown);
        record.permissions.names = Patterns::none();
        const auto again = TokenSet({record}).revalidate(*grant, m_now);
        QVERIFY(again);
        QVERIFY(!again->mayUseName("api"));
        record.name = "bob";
        QCOMPARE(TokenSet({record}).revalidate(*grant, m_now).error(), Refusal::Unknown);
        record.name = "alice";
        record.expires = m_now;
        QCOMPARE(TokenSet({record}).revalidate(*grant, m_now).error(), Refusal::Expired);
    }

private:
    static constexpr const char* KnownChecksum = "4cHO2b";
    static constexpr const char* KnownHash =
        "sha256:9358dc9ca4cb4080e53a660a12295899506eec9cbca84f19d31f3c638f441c50";
};

QTEST_GUILESS_MAIN(TestToken)
#include "tst_token.moc"
