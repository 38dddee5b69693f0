// docs/configuration.md is what the tables say.
#include <sallyport/config/reference.h>
#include <sallyport/config/relay_config.h>

#include <QFile>
#include <QTest>

using namespace sallyport::config;

class TestReference : public QObject
{
    Q_OBJECT
private slots:
    void pageSaysWhatTheProgramsRead()
    {
        QFile file(QStringLiteral(REFERENCE_PAGE));
        const QByteArray wanted = QByteArray::fromStdString(configurationReference());
        if (qEnvironmentVariableIsSet("SALLYPORT_RENEW_REFERENCE")) {
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QCOMPARE(file.write(wanted), wanted.size());
            file.close();
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(file.readAll() == wanted, "docs/configuration.md is not what the tables say: run "
                                           "this test with SALLYPORT_RENEW_REFERENCE=1");
    }

    void everyFieldHasHelpAndASection()
    {
        RelayConfig relay;
        Fields fields;
        relay.declare(fields);
        QCOMPARE(fields.sections().front().firstField, size_t(0));
        for (const Field& field : fields.fields())
            QVERIFY2(!field.help.empty() && !field.type.empty(), field.path.c_str());
    }
};

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
