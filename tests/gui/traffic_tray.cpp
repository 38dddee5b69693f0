#include "desktop_notifier.h"
#include "fake_agent_control.h"
#include "notification_policy.h"
#include "tray_icons.h"
#include "tray_menu.h"
#include "tray_state.h"

#include <QPainter>
#include <QSet>
#include <QSignalSpy>
#include <QTranslator>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace sallyport;
using namespace sallyport::gui;
using namespace std::chrono_literals;
using Notice = AppSettings::Notice;
using State = Session::State;

namespace {

QStringList texts(const QMenu& menu)
{
    QStringList found;
    for (const QAction* action : menu.actions())
        if (action->isVisible() && !action->isSeparator())
            found.append(action->text());
    return found;
}

double luminance(const QColor& colour)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

// As WCAG counts it, 1 to 21.
double contrast(const QColor& one, const QColor& other)
{
    const auto [low, high] = std::minmax({luminance(one), luminance(other)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class TrafficTrayTest : public QObject
{
    Q_OBJECT

    const TimePoint m_start{1h};

    static std::vector<Notice> told(NotificationPolicy& policy)
    {
        std::vector<Notice> notices;
        for (const auto& notification : policy.takeNotifications())
            notices.push_back(notification.notice);
        return notices;
    }

private slots:
    void theIconTellsTheStateOfTheLink()
    {
        TrayState state;
        QCOMPARE(state.look(m_start), TrayLook::Off);
        state.setLink(State::Connecting, false);
        QCOMPARE(state.look(m_start), TrayLook::Connecting);
        state.setLink(State::Connected, false);
        QCOMPARE(state.look(m_start), TrayLook::Connected);
        state.setLink(State::Connected, true);
        QCOMPARE(state.look(m_start), TrayLook::Problem);
        state.setLink(State::Waiting, false);
        QCOMPARE(state.look(m_start), TrayLook::Problem);
    }

    void trafficMovesForAWhile()
    {
        TrayState state;
        state.setLink(State::Connected, false);
        state.trafficSeen(m_start);
        QCOMPARE(state.look(m_start + 1s), TrayLook::Moving);
        QCOMPARE(*state.nextChange(m_start), m_start + TrayState::MovingTime);
        QCOMPARE(state.look(m_start + 2s), TrayLook::Connected);
    }

    void everyStateHasAnotherShapeAtEverySize()
    {
        for (const bool dark : {false, true})
            for (const int size : {16, 22, 64}) {
                QSet<QByteArray> shapes;
                for (const auto look : {TrayLook::Off, TrayLook::Connecting, TrayLook::Connected,
                                        TrayLook::Problem, TrayLook::Moving}) {
                    const QImage picture = TrayIcons::pixmap(look, dark, size).toImage();
                    // In one colour, so that only the shape is left.
                    const QImage grey = picture.convertToFormat(QImage::Format_Grayscale8);
                    shapes.insert(QByteArray(reinterpret_cast<const char*>(grey.constBits()),
                                             grey.sizeInBytes()));
                }
                QCOMPARE(shapes.size(), 5);
            }
    }

    // Of most panels nobody tells whether they are dark.
    void theIconCanBeReadOnAPanelOfTheOtherKind_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QColor>("panel");
        QTest::newRow("for a light panel, on Adwaita's dark one") << false << QColor("#353535");
        QTest::newRow("for a light panel, on Breeze's dark one") << false << QColor("#292c30");
        QTest::newRow("for a dark panel, on Adwaita's light one") << true << QColor("#f6f5f4");
        QTest::newRow("for a dark panel, on Breeze's light one") << true << QColor("#eff0f1");
    }

    void theIconCanBeReadOnAPanelOfTheOtherKind()
    {
        QFETCH(bool, dark);
        QFETCH(QColor, panel);
        for (const auto look : {TrayLook::Off, TrayLook::Connecting, TrayLook::Connected,
                                TrayLook::Problem, TrayLook::Moving}) {
            QImage shown(16, 16, QImage::Format_RGB32);
            shown.fill(panel);
            QPainter(&shown).drawPixmap(0, 0, TrayIcons::pixmap(look, dark, 16));
            int seen = 0;
            for (int at = 0; at < 16 * 16; ++at)
                seen += contrast(shown.pixelColor(at % 16, at / 16), panel) >= 3.0;
            QVERIFY2(seen >= 30, qPrintable(QString::number(seen)));
        }
    }

    void aNotificationsTextIsNoMarkupAndHasAnEnd()
    {
        QCOMPARE(DesktopNotifier::body("<b>a & b", true), QString("&lt;b&gt;a &amp; b"));
        QCOMPARE(DesktopNotifier::body("<b>a & b", false), QString("<b>a & b"));
        const QString cut =
            DesktopNotifier::body(QString(DesktopNotifier::MaxText + 1, 'x'), false);
        QCOMPARE(cut.size(), DesktopNotifier::MaxText);
        QVERIFY(cut.endsWith("…"));
    }

    void aLossIsToldAfterTenSecondsAndItsEndAfterwards()
    {
        NotificationPolicy policy;
        policy.setLink(State::Connected, "relay", {}, m_start);
        QCOMPARE(told(policy), std::vector{Notice::FirstConnection});
        policy.setLink(State::Waiting, "relay", "refused", m_start);
        policy.handleTimeout(m_start + 9s);
        QVERIFY(told(policy).empty());
        QCOMPARE(*policy.nextDeadline(), m_start + 10s);
        policy.handleTimeout(m_start + 10s);
        const auto loss = policy.takeNotifications();
        QCOMPARE(loss.size(), size_t(1));
        QCOMPARE(loss[0].notice, Notice::ConnectionLost);
        QCOMPARE(loss[0].text, QString("refused"));
        policy.setLink(State::Connected, "relay", {}, m_start + 20s);
        QCOMPARE(told(policy), std::vector{Notice::ConnectionBack});
    }

    void aShortLossIsNotTold()
    {
        NotificationPolicy policy;
        policy.setLink(State::Connected, "relay", {}, m_start);
        told(policy);
        policy.setLink(State::Waiting, "relay", {}, m_start);
        policy.setLink(State::Connected, "relay", {}, m_start + 3s);
        policy.handleTimeout(m_start + 30s);
        QVERIFY(told(policy).empty());
    }

    void switchingOffIsNoLoss()
    {
        NotificationPolicy policy;
        policy.setLink(State::Connected, "relay", {}, m_start);
        told(policy);
        policy.setLink(State::Off, "relay", {}, m_start);
        policy.handleTimeout(m_start + 30s);
        policy.setLink(State::Connected, "relay", {}, m_start + 40s);
        QVERIFY(told(policy).empty());
    }

    void aServiceThatComesAndGoesDoesNotNag()
    {
        NotificationPolicy policy;
        policy.setUpstream("shop", "nobody listens", m_start);
        policy.setUpstream("shop", "", m_start + 1s);
        policy.setUpstream("shop", "nobody listens", m_start + 2s);
        QCOMPARE(told(policy), std::vector{Notice::UpstreamDown});
        policy.setUpstream("shop", "nobody listens", m_start + 61s);
        QCOMPARE(told(policy), std::vector{Notice::UpstreamDown});
    }

    void theFirstRequestOfEachTunnelIsToldUpToTheLimit()
    {
        NotificationPolicy policy;
        policy.requestSeen("shop");
        policy.requestSeen("shop");
        const auto notices = policy.takeNotifications();
        QCOMPARE(notices.size(), size_t(1));
        QCOMPARE(notices[0].argument, QString("tunnel:shop"));
        for (size_t i = 0; i < NotificationPolicy::MaxTunnels + 5; ++i)
            policy.requestSeen("t" + std::to_string(i));
        QCOMPARE(told(policy).size(), NotificationPolicy::MaxTunnels - 1);
    }

    void aRefusedTokenIsToldOnce()
    {
        NotificationPolicy policy;
        policy.credentialRefused("expired");
        policy.credentialRefused("expired");
        QCOMPARE(told(policy), std::vector{Notice::TokenRefused});
    }

    void theMenuHasARowForEachTunnel()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        const QStringList rows = texts(*menu.menu());
        QCOMPARE(rows.first(), QString("Connected"));
        for (const auto& tunnel : control.snapshot().tunnels)
            QCOMPARE(rows.filter(QString::fromStdString(tunnel.status.ref)).size(), 1);
        QCOMPARE(rows.last(), QString("Quit"));
        QVERIFY(!rows.contains("More…"));
    }

    void threeHundredTunnelsEndInMore()
    {
        demo::FakeAgentControl control(*demo::Scene::named("many"));
        Session session(control);
        TrayMenu menu(session);
        const QStringList rows = texts(*menu.menu());
        QCOMPARE(rows.filter("service-").size(), int(TrayMenu::MaxTunnels));
        QVERIFY(rows.contains("More…"));
    }

    void requestsOfBeforeTheStartAreThere()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        const auto recent = [&menu]() -> QAction* {
            for (QAction* action : menu.menu()->actions())
                if (action->text() == "Recent requests")
                    return action;
            return nullptr;
        };
        QVERIFY(recent() != nullptr);
        QTRY_VERIFY(recent()->isEnabled());
        QVERIFY(recent()->menu()->actions().first()->isVisible());
    }

    void aLongProblemIsCutBetweenWords()
    {
        demo::FakeAgentControl control(*demo::Scene::named("problem"));
        Session session(control);
        TrayMenu menu(session);
        const QString shown = texts(*menu.menu()).first();
        QVERIFY2(shown.endsWith("…"), qPrintable(shown));
        const QString kept = shown.chopped(1).section(" – ", 1);
        QVERIFY2(session.problem().startsWith(kept + ' '), qPrintable(shown));
    }

    void rowsAreChangedInPlace()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        const auto before = menu.menu()->actions();
        const std::string ref = control.snapshot().tunnels.front().status.ref;
        control.setPaused(ref, true, [](const auto&) {});
        QTRY_VERIFY(texts(*menu.menu()).contains(QString::fromStdString(ref) + " (paused)"));
        QCOMPARE(menu.menu()->actions(), before);
    }

    void aCodeIsAskedForByItsAddress()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        QSignalSpy shown(&menu, &TrayMenu::showRequested);
        for (QMenu* child : menu.menu()->findChildren<QMenu*>())
            for (QAction* action : child->actions())
                if (shown.isEmpty() && action->text() == "Show QR code" && action->isEnabled())
                    action->trigger();
        QCOMPARE(shown.count(), 1);
        QCOMPARE(shown.first()[0].toString(), QString("tunnels"));
        QVERIFY(shown.first()[1].toString().startsWith("qr:http"));
    }

    void itsTextsFollowTheLanguage()
    {
        class Loud final : public QTranslator
        {
        public:
            bool isEmpty() const override { return false; }
            QString translate(const char* context, const char* text, const char*,
                              int) const override
            {
                return QByteArray(context).endsWith("TrayMenu") ? QString(text).toUpper()
                                                                : QString();
            }
        };
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        Loud loud;
        QVERIFY(QCoreApplication::installTranslator(&loud));
        QTRY_COMPARE(texts(*menu.menu()).last(), QString("QUIT"));
        QVERIFY(texts(*menu.menu()).contains("RECENT REQUESTS"));
        QVERIFY(QCoreApplication::removeTranslator(&loud));
        QTRY_COMPARE(texts(*menu.menu()).last(), QString("Quit"));
    }

    void theLastFiveRequestsAreListed()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        std::vector<inspect::Record> records;
        for (unsigned i = 1; i <= 8; ++i) {
            inspect::Record record;
            record.id = i;
            record.method = "GET";
            record.path = "/page/" + std::to_string(i);
            records.push_back(record);
        }
        menu.addRecent(records);
        emit session.changed();
        QStringList recent;
        for (const QMenu* child : menu.menu()->findChildren<QMenu*>())
            if (texts(*child).join("").contains("/page/"))
                recent = texts(*child);
        if (recent.isEmpty())
            for (const QAction* action : menu.menu()->actions())
                if (action->menu() != nullptr && texts(*action->menu()).join("").contains("/page/"))
                    recent = texts(*action->menu());
        QCOMPARE(recent.size(), 5);
        QVERIFY(recent.first().contains("/page/8"));
    }

    void quitAndPagesAreAskedFor()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        TrayMenu menu(session);
        QSignalSpy shown(&menu, &TrayMenu::showRequested);
        QSignalSpy quit(&menu, &TrayMenu::quitRequested);
        for (QAction* action : menu.menu()->actions())
            if (action->text() == "Settings" || action->text() == "Quit")
                action->trigger();
        QCOMPARE(shown.first()[0].toString(), QString("settings"));
        QCOMPARE(quit.count(), 1);
    }
};

QTEST_MAIN(TrafficTrayTest)
#include "traffic_tray.moc"
