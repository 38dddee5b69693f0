// A tunnel while it is filled in: the check of its address, and publishing.
#include "fake_agent_control.h"
#include "tunnel_editor.h"

#include <sallyport/auth/password_hash.h>

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

namespace {

struct Desk
{
    explicit Desk(const char* scene = "fresh") : control(*Scene::named(scene)), session(control)
    {
        editor->setSession(&session);
    }
    void waitForCheck()
    {
        QTRY_VERIFY(editor->availability() != TunnelEditor::Availability::Checking);
    }

    void beginWithPassword()
    {
        editor->setUpstream("3000");
        editor->setName("shop");
        editor->setAccessMode(TunnelEditor::AccessMode::Password);
        editor->setUser("friend");
        editor->setPassword("open sesame");
    }

    FakeAgentControl control;
    Session session;
    std::unique_ptr<TunnelEditor> editor = std::make_unique<TunnelEditor>();
};

} // namespace

class TunnelEditorTest : public QObject
{
    Q_OBJECT

private slots:
    void aFormThatIsLeftGoesOnWhereItWas()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        const auto fresh = [&session] {
            auto editor = std::make_unique<TunnelEditor>();
            editor->setSession(&session);
            return editor;
        };
        auto editor = fresh();
        editor->resume();
        QVERIFY(!editor->isBegun());
        editor->setUpstream("3999");
        editor->setAccessMode(TunnelEditor::AccessMode::Password);
        editor->setUser("ann");
        editor->setPassword("not kept");
        editor = fresh();
        editor->load("shop");
        editor->setName("other");
        editor = fresh();
        editor->resume();
        QCOMPARE(editor->upstream(), "3999");
        QCOMPARE(editor->user(), "ann");
        QCOMPARE(editor->password(), QString());
        QVERIFY(!editor->isComplete());
        editor->clear();
        editor = fresh();
        editor->resume();
        QCOMPARE(editor->upstream(), QString());
        editor->load("shop", true); // a copy is a form of its own
        QVERIFY(editor->name() != "other");
        editor->load("shop");
        QCOMPARE(editor->name(), "other");
    }

    void onlySoManyFormsAreKept()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        for (int i = 0; i <= Session::MaxUnfinished; ++i)
            session.keepUnfinished(QString::number(i), {});
        QVERIFY(!session.takeUnfinished("0"));
        QVERIFY(session.takeUnfinished(QString::number(Session::MaxUnfinished)));
    }

    void theAddressIsKnownBeforeAnythingIsPublished()
    {
        Desk desk;
        desk.editor->setUpstream("3000");
        desk.editor->setName("shop");
        desk.waitForCheck();
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Free);
        QCOMPARE(desk.editor->previewUrl(), "https://shop.tunnel.example.com");
        QVERIFY(desk.control.snapshot().tunnels.empty());
    }

    void aNameOfAnotherIsSaid()
    {
        Desk desk;
        desk.editor->setUpstream("3000");
        desk.editor->setName("taken");
        desk.waitForCheck();
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Taken);
        QVERIFY(!desk.editor->availabilityText().isEmpty());
    }

    void anAnswerToAnOldQuestionIsIgnored()
    {
        Desk desk;
        desk.editor->setUpstream("3000");
        desk.editor->setName("taken");
        desk.waitForCheck();
        desk.editor->setName("shop");
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Checking);
        desk.waitForCheck();
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Free);
    }

    void withoutALinkTheCheckSaysSoAndPublishingStaysPossible()
    {
        Desk desk("problem");
        desk.editor->setUpstream("3000");
        desk.waitForCheck();
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Unknown);
        QVERIFY(!desk.editor->availabilityText().isEmpty());
        QVERIFY(desk.editor->isComplete());
    }

    void publishesAndBeginsAnew()
    {
        Desk desk;
        QSignalSpy published(desk.editor.get(), &TunnelEditor::published);
        desk.editor->take("127.0.0.1:3000", TunnelEditor::Kind::Http);
        desk.editor->setName("shop");
        desk.editor->publish();
        QVERIFY(desk.editor->isBusy());
        QVERIFY(published.wait());
        QVERIFY(desk.control.tunnel("shop"));
        QVERIFY(desk.editor->upstream().isEmpty());
        QVERIFY(!desk.editor->isBusy());
    }

    void onlyTheHashOfAPasswordIsKept()
    {
        Desk desk;
        QSignalSpy published(desk.editor.get(), &TunnelEditor::published);
        desk.beginWithPassword();
        desk.editor->publish();
        QVERIFY(published.wait(20'000));
        const auto& users = desk.control.tunnel("shop")->access.users;
        QCOMPARE(users.size(), size_t(1));
        QVERIFY(sallyport::auth::passwordMatches(users[0].hash, sallyport::Secret("open sesame")));
        QVERIFY(desk.editor->password().isEmpty());
    }

    void publishingWithAPasswordOutlivesThePage()
    {
        Desk desk;
        QSignalSpy toasts(&desk.session, &Session::toast);
        desk.beginWithPassword();
        desk.editor->publish();
        desk.editor.reset();
        QTRY_VERIFY_WITH_TIMEOUT(desk.control.tunnel("shop"), 20'000);
        const auto& users = desk.control.tunnel("shop")->access.users;
        QVERIFY(sallyport::auth::passwordMatches(users[0].hash, sallyport::Secret("open sesame")));
        QTRY_COMPARE(toasts.size(), 1);
        QCOMPARE(toasts[0][1].value<Session::ToastKind>(), Session::ToastKind::Good);
        QVERIFY(!desk.session.takeUnfinished({}));
    }

    void aFailureThatComesAfterThePageWentIsSaidAndTheFormKept()
    {
        Desk desk;
        QSignalSpy toasts(&desk.session, &Session::toast);
        desk.beginWithPassword();
        desk.control.failNext("The disk is full.");
        desk.editor->publish();
        desk.editor.reset();
        QTRY_COMPARE_WITH_TIMEOUT(toasts.size(), 1, 20'000);
        QVERIFY(toasts[0][0].toString().contains("The disk is full."));
        QCOMPARE(toasts[0][1].value<Session::ToastKind>(), Session::ToastKind::Bad);
        QVERIFY(desk.control.snapshot().tunnels.empty());
        TunnelEditor next;
        next.setSession(&desk.session);
        next.resume();
        QCOMPARE(next.name(), "shop");
        QCOMPARE(next.user(), "friend");
        QVERIFY(!next.isComplete()); // the password is typed again
    }

    void whatIsOnItsWayKeepsItsNameFromTheNext()
    {
        Desk desk;
        desk.beginWithPassword();
        desk.editor->publish();
        desk.editor->clear(); // the page goes on with another
        desk.beginWithPassword();
        desk.editor->publish();
        QTRY_VERIFY_WITH_TIMEOUT(desk.control.snapshot().tunnels.size() == 2, 20'000);
        QVERIFY(desk.control.tunnel("shop-2"));
    }

    void onlySoManyArePublishedAtATime()
    {
        Desk desk;
        QObject page;
        int failures = 0;
        for (size_t i = 0; i <= Publisher::MaxOrders; ++i) {
            Publisher::Order order;
            order.ref = "t" + std::to_string(i);
            desk.session.publisher().publish(
                std::move(order), &page,
                [&failures](const auto& result) { failures += result.ok() ? 0 : 1; });
        }
        QCOMPARE(failures, 1);
        QTRY_COMPARE(desk.control.snapshot().tunnels.size(), size_t(Publisher::MaxOrders));
        QTRY_VERIFY(desk.session.publisher().refs().empty());
    }

    void fromAnEditedTunnelANewOneIsBegunAndTheChangesAreKept()
    {
        Desk desk("lively");
        desk.editor->setUpstream("3999"); // a new one, begun before
        desk.editor->load("shop");
        desk.editor->setName("other");
        desk.editor->leaveEdited();
        QVERIFY(desk.editor->editedRef().isEmpty());
        QCOMPARE(desk.editor->upstream(), "3999");
        desk.editor->leaveEdited(); // nothing is edited: stays as it is
        QCOMPARE(desk.editor->upstream(), "3999");
        desk.editor->load("shop");
        QCOMPARE(desk.editor->name(), "other");
    }

    void aFailureStaysOnTheFormWithWhatWasTyped()
    {
        Desk desk;
        desk.editor->setUpstream("3000");
        desk.control.failNext("agent.yaml can't be written: the disk is full.");
        desk.editor->publish();
        QTRY_COMPARE(desk.editor->error(), "agent.yaml can't be written: the disk is full.");
        QCOMPARE(desk.editor->upstream(), "3000");
        QVERIFY(!desk.editor->isBusy());
    }

    void editingChangesTheSameTunnel()
    {
        Desk desk("lively");
        QSignalSpy published(desk.editor.get(), &TunnelEditor::published);
        const size_t before = desk.control.snapshot().tunnels.size();
        desk.editor->load("shop");
        QCOMPARE(desk.editor->editedRef(), "shop");
        QCOMPARE(desk.editor->upstream(), "127.0.0.1:3000");
        desk.editor->setUpstream("3001");
        desk.editor->publish();
        QVERIFY(published.wait());
        QCOMPARE(desk.control.snapshot().tunnels.size(), before);
        QCOMPARE(desk.control.tunnel("shop")->upstream.text(), std::string("127.0.0.1:3001"));
    }

    void anEditedTunnelHasItsAddress()
    {
        Desk desk("lively");
        desk.editor->load("shop");
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Own);
        QCOMPARE(desk.editor->previewUrl(), "https://shop.tunnel.example.com");
        desk.editor->setAccessMode(TunnelEditor::AccessMode::Password);
        QCOMPARE(desk.editor->previewUrl(), "https://shop.tunnel.example.com");
        desk.editor->setName("other");
        desk.waitForCheck();
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Free);
    }

    void theAddressStaysWhileWhoMayVisitIsFilledIn()
    {
        Desk desk;
        desk.editor->setUpstream("3000");
        desk.editor->setName("shop");
        desk.waitForCheck();
        desk.editor->setAccessMode(TunnelEditor::AccessMode::Password);
        QVERIFY(!desk.editor->isComplete());
        QCOMPARE(desk.editor->previewUrl(), "https://shop.tunnel.example.com");
        QCOMPARE(desk.editor->availability(), TunnelEditor::Availability::Free);
        QVERIFY(!desk.editor->missing().isEmpty());
    }

    void aCopyGetsAnAddressOfItsOwn()
    {
        Desk desk("lively");
        desk.editor->load("shop", true);
        QVERIFY(desk.editor->editedRef().isEmpty());
        QVERIFY(!desk.editor->name().isEmpty());
        QVERIFY(desk.editor->name() != "shop");
    }

    void aKindWithoutNamesChoosesAmongPorts()
    {
        Desk desk;
        desk.editor->setUpstream("22");
        desk.editor->setKind(TunnelEditor::Kind::Tcp);
        QCOMPARE(desk.editor->addressMode(), TunnelEditor::AddressMode::ChosenByRelay);
        QVERIFY(desk.editor->isComplete());
        desk.editor->setAddressMode(TunnelEditor::AddressMode::OwnPort);
        QVERIFY(!desk.editor->isComplete());
        desk.editor->setPort("2222");
        QVERIFY(desk.editor->isComplete());
    }
};

QTEST_MAIN(TunnelEditorTest)
#include "pages_tunnel_editor.moc"
