// The relays that there is a token for.
#include "accounts_model.h"
#include "fake_agent_control.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

namespace {

const QString Home = "tunnel.example.com:7000";
const QString Acme = "relay.acme.example:443";

struct Desk
{
    Desk() : control(*Scene::named("lively")), session(control) { model.setSession(&session); }
    QVariant value(int row, int role) const { return model.data(model.index(row), role); }

    FakeAgentControl control;
    Session session;
    AccountsModel model;
    QAbstractItemModelTester tester{&model};
};

} // namespace

class AccountsModelTest : public QObject
{
    Q_OBJECT

private slots:
    void showsTheLabelElseTheAddress()
    {
        Desk desk;
        QCOMPARE(desk.value(0, AccountsModel::LabelRole).toString(), "Home server");
        QCOMPARE(desk.value(1, AccountsModel::LabelRole).toString(), Acme);
    }

    void warnsOfATokenInAFile()
    {
        Desk desk;
        QVERIFY(!desk.model.inFileText().contains("no keychain now"));
        QVERIFY(desk.model.inFileText().startsWith("1 "));
        desk.model.remove(Acme);
        QCOMPARE(desk.model.inFileText(), QString());
        QCOMPARE(desk.model.rowCount(), 1);
    }

    void aTokenOfTheFileMovesToTheKeychain()
    {
        Desk desk;
        QCOMPARE(desk.model.movableCount(), 1);
        QVERIFY(!desk.value(0, AccountsModel::CanMoveRole).toBool());
        QVERIFY(desk.value(1, AccountsModel::CanMoveRole).toBool());
        desk.control.failNext("The keychain is locked.");
        desk.model.moveToKeychain(Acme);
        QVERIFY(!desk.value(1, AccountsModel::CanMoveRole).toBool()); // not twice
        QVERIFY(desk.value(1, AccountsModel::TestingRole).toBool());
        QTRY_COMPARE(desk.value(1, AccountsModel::TestTextRole).toString(),
                     "The keychain is locked.");
        QVERIFY(desk.value(1, AccountsModel::CanMoveRole).toBool());
        desk.model.moveToKeychain(Acme);
        QTRY_VERIFY(desk.value(1, AccountsModel::TestGoodRole).toBool());
        QVERIFY(!desk.value(1, AccountsModel::InFileRole).toBool());
        QVERIFY(desk.model.inFileText().isEmpty());
    }

    void allThatLieInAFileMoveUntilOneFails()
    {
        Desk desk;
        sallyport::control::NewAccount more;
        more.relay = "other.example:7000";
        more.token = sallyport::Secret("spt_Qm7dExampleExampleExample");
        bool added = false;
        desk.control.addAccount(more, [&](const auto&) { added = true; });
        QTRY_VERIFY(added);
        desk.control.putInFile("other.example:7000");
        QCOMPARE(desk.model.movableCount(), 2);
        desk.control.failNext("The keychain is locked.");
        desk.model.moveAllToKeychain();
        QTRY_COMPARE(desk.value(1, AccountsModel::TestTextRole).toString(),
                     "The keychain is locked.");
        QCOMPARE(desk.value(2, AccountsModel::TestTextRole).toString(), QString());
        QCOMPARE(desk.model.movableCount(), 2);
        desk.model.moveAllToKeychain();
        QTRY_COMPARE(desk.model.movableCount(), 0);
        QVERIFY(desk.value(2, AccountsModel::TestGoodRole).toBool());
    }

    void whatIsShownWithoutALabelDoesNotBecomeOne()
    {
        Desk desk;
        desk.model.rename(Acme, " " + Acme);
        QCOMPARE(desk.control.accounts()[1].label, std::string());
    }

    void onlyTheAccountInUseIsRefused()
    {
        Desk desk;
        QVERIFY(!desk.value(0, AccountsModel::RefusedRole).toBool());
        desk.control.setLink(Scene::Link::Refused);
        QVERIFY(desk.value(0, AccountsModel::RefusedRole).toBool());
        QVERIFY(!desk.value(1, AccountsModel::RefusedRole).toBool());
        desk.control.setLink(Scene::Link::Connected);
        QVERIFY(!desk.value(0, AccountsModel::RefusedRole).toBool());
    }

    void aTestSaysHowItWent()
    {
        Desk desk;
        desk.model.test(Home);
        QVERIFY(desk.value(0, AccountsModel::TestingRole).toBool());
        QTRY_VERIFY(!desk.value(0, AccountsModel::TestingRole).toBool());
        QVERIFY(desk.value(0, AccountsModel::TestGoodRole).toBool());
        desk.control.failNext("The relay refuses the token.");
        desk.model.test(Home);
        QTRY_COMPARE(desk.value(0, AccountsModel::TestTextRole).toString(),
                     "The relay refuses the token.");
        QVERIFY(!desk.value(0, AccountsModel::TestGoodRole).toBool());
    }

    void usesAndRenames()
    {
        Desk desk;
        desk.model.use(Acme);
        QVERIFY(!desk.value(0, AccountsModel::InUseRole).toBool());
        QVERIFY(desk.value(1, AccountsModel::InUseRole).toBool());
        desk.model.rename(Acme, "  Work ");
        QCOMPARE(desk.value(1, AccountsModel::LabelRole).toString(), "Work");
    }
};

QTEST_MAIN(AccountsModelTest)
#include "pages_accounts_model.moc"
