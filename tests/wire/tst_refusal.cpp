#include <sallyport/wire/messages.h>

#include <QTest>

#include <set>

using namespace sallyport::wire;

class TestRefusal : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeHasItsOwnTextAndASentence();
    void unknownTextsAreNoCode();
    void neverRetriesWhatCannotSucceed();
    void theDetailStandsBehindTheSentence();
    void everyStreamFailureHasItsOwnText();
};

void TestRefusal::everyCodeHasItsOwnTextAndASentence()
{
    std::set<std::string_view> texts;
    for (int i = 0; i <= static_cast<int>(LastRefusalCode); ++i) {
        const auto code = static_cast<RefusalCode>(i);
        QVERIFY(texts.insert(codeText(code)).second);
        QVERIFY(codeText(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
                std::string::npos);
        QVERIFY(codeText(code).size() <= MessageLimits::Code);
        QVERIFY(refusalCodeFromText(codeText(code)) == code);
        QVERIFY(!sentence(code).empty() && sentence(code).back() != '.');
    }
}

void TestRefusal::unknownTextsAreNoCode()
{
    QVERIFY(!refusalCodeFromText(""));
    QVERIFY(!refusalCodeFromText("Bad_Credentials"));
}

void TestRefusal::neverRetriesWhatCannotSucceed()
{
    using enum RefusalCode;
    for (const RefusalCode code :
         {BadCredentials, Expired, Revoked, ProtocolVersion, Malformed, NameInvalid, NameNotAllowed,
          HostnameNotAllowed, PortNotAllowed, KindNotAllowed, UnsupportedKind, DomainMissing})
        QVERIFY(!canRetry(code));
    for (const RefusalCode code :
         {HelloTimeout, TooManyLinks, Draining, RateLimited, Internal, NameTaken, PortTaken})
        QVERIFY(canRetry(code));
}

void TestRefusal::theDetailStandsBehindTheSentence()
{
    const Refusal refusal(RefusalCode::PortTaken, "2222");
    QCOMPARE(refusal.message, "This port is in use: 2222");
    QCOMPARE(refusal.code, "port_taken");
    QVERIFY(refusal.retry);
}

void TestRefusal::everyStreamFailureHasItsOwnText()
{
    for (int i = 0; i <= static_cast<int>(LastStreamFailure); ++i) {
        const auto failure = static_cast<StreamFailure>(i);
        QVERIFY(streamFailureFromText(codeText(failure)) == failure);
    }
}

QTEST_APPLESS_MAIN(TestRefusal)
#include "tst_refusal.moc"
