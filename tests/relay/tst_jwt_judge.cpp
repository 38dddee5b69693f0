#include "identity/jwt_judge.h"
#include "identity/remote_verifier.h"

#include <sallyport/jose/mint.h>

#include <QtTest>

using namespace sallyport;
using namespace sallyport::relay;
using jose::Json;
using std::chrono::seconds;
using wire::RefusalCode;

class TestJwtJudge : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void grantsWhatTheClaimsSay();
    void fillsInWhatTheConfigurationSays();
    void refusesByTheRightCode_data();
    void refusesByTheRightCode();
    void saysWhenNewerKeysCouldHelp();
    void aTokenWithoutANonceOpensALinkWhereThatIsAllowed();
    void aTokenThatAsksToBeBoundIsChallenged();
    void onlyTheLinksOwnNonceCounts();
    void requiresTheNonceWhereConfigured();
    void firstTokensMayNotBeOld();
    void aRemoteVerifiersClaimsNeedNeitherIssuerNorAudience();
    void anExpiryIsOverWithTheSkew();
    void readsAnswersOfTheRemoteVerifier_data();
    void readsAnswersOfTheRemoteVerifier();

private:
    Json::Object claims() const
    {
        return {{"iss", Json(std::string("idp"))},
                {"aud", Json(std::string("sallyport"))},
                {"sub", Json(std::string("alice"))},
                {"exp", Json(int64_t(1'000'600))}};
    }
    Verdict judge(const Json::Object& claims, const std::string& nonce = {})
    {
        Proof proof;
        proof.auth = {"jwt", Secret(jose::mint(m_key, claims)->reveal())};
        proof.nonce = nonce;
        return JwtJudge(m_config).judge(proof, jose::KeySet({m_key}), m_now).verdict;
    }
    Verdict with(std::string_view name, Json value, const std::string& nonce = {})
    {
        Json::Object all = claims();
        std::erase_if(all, [&](const auto& member) { return member.first == name; });
        all.emplace_back(std::string(name), std::move(value));
        return judge(all, nonce);
    }
    static bool isRefused(const Verdict& verdict, RefusalCode code)
    {
        const auto* refusal = std::get_if<wire::Refusal>(&verdict);
        return refusal && refusal->is(code);
    }

    const auth::Timestamp m_now{seconds(1'000'000)};
    const jose::Key m_key =
        *jose::Key::fromSecret("u9Xk2vQzE7rTnB4cWm1yHs6pLd8fGj3aJxRqKo5tUiNeCbVZ");
    config::JwtConfig m_config;
};

void TestJwtJudge::init()
{
    m_config = config::JwtConfig();
    m_config.secretFile = "x";
    m_config.issuers = {"idp"};
    m_config.audiences = {"sallyport"};
}

void TestJwtJudge::grantsWhatTheClaimsSay()
{
    Json::Object all = claims();
    all.emplace_back("jti", Json(std::string("t-1")));
    all.emplace_back("names", Json(Json::List{Json(std::string("a")), Json(std::string("ci-*"))}));
    all.emplace_back("hostname", Json(std::string("OLD.acme.org.")));
    all.emplace_back("hostnames", Json(std::string("*.acme.org")));
    all.emplace_back("tcp_ports", Json(Json::List{Json(int64_t(22)), Json(std::string("80-90"))}));
    all.emplace_back(
        "udp_routes",
        Json(Json::List{Json(Json::Object{{"port", Json(int64_t(53))},
                                          {"flow_idle_timeout_seconds", Json(int64_t(30))}})}));
    all.emplace_back("weight", Json(int64_t(-3)));
    all.emplace_back("limits", Json(Json::Object{{"tunnels", Json(int64_t(2))}}));
    all.emplace_back("reauth_interval_seconds", Json(int64_t(60)));
    const Verdict verdict = judge(all);
    const auto* grant = std::get_if<auth::Grant>(&verdict);
    QVERIFY(grant);
    QVERIFY(grant->source() == auth::Source::Jwt);
    QCOMPARE(grant->tenant(), "alice");
    QCOMPARE(grant->credentialId(), "t-1");
    QVERIFY(grant->expires() == m_now + seconds(600));
    QVERIFY(grant->mayUseName("a") && grant->mayUseName("ci-7") && !grant->mayUseName("b"));
    QVERIFY(grant->mayUseHostname("old.acme.org") && grant->mayUseHostname("x.acme.org"));
    QVERIFY(!grant->mayUseHostname("a.b.acme.org"));
    QVERIFY(grant->mayUsePort(22) && grant->mayUsePort(85) && !grant->mayUsePort(443));
    const auth::Terms& terms = grant->terms();
    QVERIFY(terms.reauthInterval == seconds(60));
    QVERIFY(terms.maxTunnels == 2u && !terms.maxLinks);
    QCOMPARE(terms.weight, 1u);
    QVERIFY(terms.udpRoutes == std::vector<auth::UdpRoute>({{53, seconds(30)}}));
    QCOMPARE(terms.signedBy, m_key.fingerprint());
}

void TestJwtJudge::fillsInWhatTheConfigurationSays()
{
    // Nothing that is not named is allowed...
    const auto bare = std::get<auth::Grant>(judge(claims()));
    QVERIFY(!bare.mayUseName("a") && !bare.mayUsePort(22) && !bare.mayUseHostname("a.acme.org"));
    QVERIFY(!bare.terms().reauthInterval);
    // ...but for what the operator gives to all.
    m_config.defaultNames = {"pr-*"};
    m_config.defaultPorts = config::PortRanges::parse("2000-2010").value();
    m_config.tenantPrefix = "idp:";
    m_config.reauthInterval = std::chrono::minutes(5);
    m_config.reauthGrace = seconds(7);
    const auto grant = std::get<auth::Grant>(judge(claims()));
    QVERIFY(grant.mayUseName("pr-1") && !grant.mayUseName("a"));
    QVERIFY(grant.mayUsePort(2005));
    QCOMPARE(grant.tenant(), "idp:alice");
    QVERIFY(grant.terms().reauthInterval == seconds(300));
    QVERIFY(grant.terms().reauthGrace == seconds(7));
}

void TestJwtJudge::refusesByTheRightCode_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, const char* json, const char* code = "bad_credentials") {
        QTest::addRow("%s %s", name, json)
            << QByteArray(name) << QByteArray(json) << QByteArray(code);
    };
    row("exp", "1", "expired");
    row("nbf", "2000000", "not_yet_valid");
    row("iss", "\"x\"");
    row("aud", "\"x\"");
    row("sub", "\"\"");
    row("sub", "7");
    row("sub", "\"a b\"");
    row("sub", "\"a\\nb\"");
    row("names", "[\"-\"]");
    row("names", "[1]");
    row("names", "{}");
    row("hostnames", "[\"tcp:53\"]");
    row("hostnames", "[\"*.org\"]");
    row("hostnames", "[\"a_b.org\"]");
    row("tcp_ports", "[0]");
    row("tcp_ports", "[70000]");
    row("tcp_ports", "[1.5]");
    row("tcp_ports", "[\"9-1\"]");
    row("udp_routes", "[53]");
    row("udp_routes", "[{\"port\":0}]");
    row("kinds", "[]");
    row("kinds", "[\"smtp\"]");
    row("limits", "5");
    row("limits", "{\"tunnels\":-1}");
    row("weight", "\"1\"");
    row("reauth_interval_seconds", "0");
    row("reauth_interval_seconds", "9223372036854775807");
    row("reauth_grace_seconds", "-1");
    row("session_nonce", "5");
    row("handshake_max_age_seconds", "60"); // without iat
    row("handshake_max_age_seconds", "9223372036854775807");
}

void TestJwtJudge::refusesByTheRightCode()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, code);
    const Verdict verdict = with(name.toStdString(), *jose::parseJson(json.toStdString()));
    const auto* refusal = std::get_if<wire::Refusal>(&verdict);
    QVERIFY(refusal);
    QCOMPARE(refusal->code, code.toStdString());
}

void TestJwtJudge::saysWhenNewerKeysCouldHelp()
{
    const jose::Key other =
        *jose::Key::fromJwk(*jose::parseJson(R"({"kty":"OKP","crv":"Ed25519","kid":"x",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"));
    Proof proof;
    proof.auth = {"jwt", Secret(jose::mint(m_key, claims())->reveal())};
    QVERIFY(JwtJudge(m_config).judge(proof, jose::KeySet({other}), m_now).keyUnknown);
    QVERIFY(JwtJudge(m_config).judge(proof, jose::KeySet(), m_now).keyUnknown);
    QVERIFY(!JwtJudge(m_config).judge(proof, jose::KeySet({m_key}), m_now).keyUnknown);
    proof.auth.token = Secret("garbage");
    QVERIFY(!JwtJudge(m_config).judge(proof, jose::KeySet(), m_now).keyUnknown);
}

void TestJwtJudge::aTokenWithoutANonceOpensALinkWhereThatIsAllowed()
{
    QVERIFY(std::holds_alternative<auth::Grant>(judge(claims())));
    // Also as the answer to a challenge before its expiry.
    QVERIFY(std::holds_alternative<auth::Grant>(judge(claims(), "n1")));
}

void TestJwtJudge::aTokenThatAsksToBeBoundIsChallenged()
{
    QVERIFY(std::holds_alternative<NonceWanted>(with("session_nonce", Json(std::string()))));
    // And it does not get in by being shown twice.
    QVERIFY(
        isRefused(with("session_nonce", Json(std::string()), "n1"), RefusalCode::NonceRequired));
}

void TestJwtJudge::onlyTheLinksOwnNonceCounts()
{
    const Json nonce(std::string("n1"));
    QVERIFY(std::holds_alternative<auth::Grant>(with("session_nonce", nonce, "n1")));
    QVERIFY(isRefused(with("session_nonce", nonce, "n2"), RefusalCode::NonceRequired));
    QVERIFY(isRefused(with("session_nonce", nonce, "n"), RefusalCode::NonceRequired));
    QVERIFY(isRefused(with("session_nonce", nonce), RefusalCode::NonceRequired));
}

void TestJwtJudge::requiresTheNonceWhereConfigured()
{
    m_config.nonce = config::JwtConfig::Nonce::Required;
    QVERIFY(std::holds_alternative<NonceWanted>(judge(claims())));
    QVERIFY(isRefused(judge(claims(), "n1"), RefusalCode::NonceRequired));
    QVERIFY(
        std::holds_alternative<auth::Grant>(with("session_nonce", Json(std::string("n1")), "n1")));
}

void TestJwtJudge::firstTokensMayNotBeOld()
{
    Json::Object all = claims();
    all.emplace_back("handshake_max_age_seconds", Json(int64_t(60)));
    all.emplace_back("iat", Json(int64_t(999'950)));
    QVERIFY(std::holds_alternative<NonceWanted>(judge(all)));
    all.back().second = Json(int64_t(999'000));
    QVERIFY(isRefused(judge(all), RefusalCode::Expired));
}

void TestJwtJudge::aRemoteVerifiersClaimsNeedNeitherIssuerNorAudience()
{
    const JwtJudge judge(m_config);
    const auto verdict = [&](const char* claims) {
        return judge.judgeClaims(Proof(), *jose::parseJson(claims), {}, m_now);
    };
    QVERIFY(std::holds_alternative<auth::Grant>(verdict(R"({"sub":"a","exp":1000600})")));
    QVERIFY(isRefused(verdict(R"({"sub":"a","exp":1})"), RefusalCode::Expired));
    QVERIFY(isRefused(verdict(R"({"sub":"a"})"), RefusalCode::BadCredentials));
    QVERIFY(isRefused(verdict("[]"), RefusalCode::BadCredentials));
}

void TestJwtJudge::anExpiryIsOverWithTheSkew()
{
    const JwtJudge judge(m_config);
    const auth::Grant grant("", "a", m_now, {}, auth::Source::Jwt);
    QVERIFY(!judge.isOver(grant, m_now + seconds(29)));
    QVERIFY(judge.isOver(grant, m_now + seconds(30)));
    QVERIFY(!judge.isOver(auth::Grant("", "a", {}, {}, auth::Source::Jwt), m_now));
}

void TestJwtJudge::readsAnswersOfTheRemoteVerifier_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, int status, const char* body, RemoteAnswer::Kind kind) {
        QTest::newRow(name) << status << QByteArray(body) << int(kind);
    };
    using Kind = RemoteAnswer::Kind;
    row("valid", 200, R"({"valid":true,"claims":{"sub":"a"},"more":1})", Kind::Valid);
    row("invalid", 200, R"({"valid":false,"error":"no"})", Kind::Invalid);
    row("no answer", 0, "", Kind::Unavailable);
    row("500", 500, R"({"valid":true,"claims":{}})", Kind::Unavailable);
    row("503", 503, "", Kind::Unavailable);
    row("404", 404, R"({"valid":true,"claims":{}})", Kind::Invalid);
    row("a redirect", 302, "", Kind::Invalid);
    row("201", 201, R"({"valid":true,"claims":{}})", Kind::Invalid);
    row("no JSON", 200, "<html>", Kind::Invalid);
    row("not said", 200, R"({"claims":{}})", Kind::Invalid);
    row("text for a flag", 200, R"({"valid":"true","claims":{}})", Kind::Invalid);
    row("no claims", 200, R"({"valid":true})", Kind::Invalid);
    row("claims of another form", 200, R"({"valid":true,"claims":[]})", Kind::Invalid);
    row("said twice", 200, R"({"valid":false,"valid":true,"claims":{}})", Kind::Invalid);
}

void TestJwtJudge::readsAnswersOfTheRemoteVerifier()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    const RemoteAnswer answer = readRemoteAnswer(status, body.toStdString());
    QCOMPARE(int(answer.kind), kind);
    if (answer.kind == RemoteAnswer::Kind::Valid)
        QCOMPARE(answer.claims.textOf("sub"), "a");
}

QTEST_APPLESS_MAIN(TestJwtJudge)
#include "tst_jwt_judge.moc"
