// What a screen reader is told of each page: everything that can be pressed or typed into has a
// name, a role and an action that works; secrets are not read out.
#include "application.h"
#include "driver.h"
#include "fake_agent_control.h"
#include "fake_services.h"

#include <QAccessible>
#include <QAccessibleActionInterface>
#include <QApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

namespace sallyport::gui {

namespace {

constexpr auto Press = "Press";

bool canBePressed(QAccessible::Role role)
{
    return role == QAccessible::Button || role == QAccessible::CheckBox ||
           role == QAccessible::PageTab || role == QAccessible::MenuItem ||
           role == QAccessible::RadioButton || role == QAccessible::ComboBox;
}

QString describe(QAccessibleInterface& found)
{
    const auto* object = found.object();
    return QString("%1 \"%2\"")
        .arg(object == nullptr ? "?" : object->metaObject()->className(),
             found.text(QAccessible::Name));
}

// Qt Quick 6.4 has no such state for its items, so the description says it.
bool saysThatItIsDisabled(QAccessibleInterface& found)
{
    return found.state().disabled || !found.text(QAccessible::Description).isEmpty();
}

// What is wrong below; one line each.
void collectFaults(QAccessibleInterface* below, QStringList& faults)
{
    if (below == nullptr || below->state().invisible)
        return;
    const auto role = below->role();
    const auto* item = qobject_cast<QQuickItem*>(below->object());
    if (canBePressed(role) || role == QAccessible::EditableText) {
        const auto told =
            below->state().passwordEdit ? QAccessible::Description : QAccessible::Name;
        if (below->text(told).isEmpty())
            faults.append(describe(*below) + " has no name");
        if (item != nullptr && !item->isEnabled() && !saysThatItIsDisabled(*below))
            faults.append(describe(*below) + " says that it is enabled");
    }
    if (canBePressed(role) && (item == nullptr || item->isEnabled())) {
        auto* actions = below->actionInterface();
        if (actions == nullptr || !actions->actionNames().contains(Press))
            faults.append(describe(*below) + " can't be pressed");
    }
    for (int i = 0; i < below->childCount(); ++i)
        collectFaults(below->child(i), faults);
}

// The window on a scene, at a page.
class Stage
{
public:
    explicit Stage(const QString& scene, const QString& page = {})
        : m_control(still(scene)),
          m_services(std::make_unique<demo::FakeServices>(), demo::FakeServices::options()),
          m_application(m_control, nullptr)
    {
        m_application.session().setDiscovery(&m_services);
        if (!page.isEmpty())
            m_application.session().open(page);
        window = m_application.load();
        window->show();
        (void)QTest::qWaitForWindowExposed(window);
    }
    Session& session() { return m_application.session(); }
    QAccessibleInterface* root() const { return QAccessible::queryAccessibleInterface(window); }
    QAccessibleInterface* find(const QString& name) const
    {
        return demo::Driver(*window).find(name);
    }
    bool perform(const QString& step)
    {
        const auto done = demo::Driver(*window).perform(step);
        if (!done)
            qWarning("%s", qPrintable(done.error()));
        return done.ok();
    }

    QQuickWindow* window = nullptr;

private:
    static demo::Scene still(const QString& name)
    {
        demo::Scene scene = demo::Scene::named(name).value();
        scene.requestsPerSecond = 0;
        return scene;
    }
    demo::FakeAgentControl m_control;
    desktop::ServiceDiscovery m_services;
    Application m_application;
};

} // namespace

class AccessibleTest : public QObject
{
    Q_OBJECT

private slots:
    static void everythingHasANameAndWorks_data();
    static void everythingHasANameAndWorks();
    static void aPageOpensByThePressOfItsEntry();
    static void tabsAreToldAsTabs();
    static void aRowOfTheTrafficOpensByItsPress();
    static void aSwitchIsToggledByItsPress();
    static void whatCannotBePressedSaysSo();
    static void aSecretIsNotReadOut();
    static void dialogsAreNamedAndCloseByEscape_data();
    static void dialogsAreNamedAndCloseByEscape();
};

void AccessibleTest::everythingHasANameAndWorks_data()
{
    QTest::addColumn<QString>("scene");
    QTest::addColumn<QString>("page");
    for (const char* page :
         {"tunnels", "publish", "traffic", "accounts", "settings", "log", "diagnose", "about"})
        QTest::newRow(page) << "lively" << page;
    for (const char* scene : {"empty", "fresh", "problem", "refused"})
        QTest::newRow(scene) << scene << "";
}

void AccessibleTest::everythingHasANameAndWorks()
{
    QFETCH(QString, scene);
    QFETCH(QString, page);
    Stage stage(scene, page);
    QStringList faults;
    collectFaults(stage.root(), faults);
    faults.removeDuplicates();
    QCOMPARE(faults.join('\n'), QString());
}

void AccessibleTest::aPageOpensByThePressOfItsEntry()
{
    Stage stage("lively");
    QVERIFY(stage.perform("press Accounts"));
    QCOMPARE(stage.session().currentPage(), "accounts");
}

void AccessibleTest::tabsAreToldAsTabs()
{
    Stage stage("lively", "settings");
    const auto role = [&stage](const char* name) { return stage.find(name)->role(); };
    QCOMPARE(role("Pages"), QAccessible::PageTabList);
    QCOMPARE(role("Accounts"), QAccessible::PageTab);
    QCOMPARE(role("Theme"), QAccessible::PageTabList);
    QCOMPARE(role("Light"), QAccessible::PageTab);
    // The screen reader goes and comes.
    QAccessible::setActive(false);
    QAccessible::setActive(true);
    QCOMPARE(role("Accounts"), QAccessible::PageTab);
    QCOMPARE(role("Theme"), QAccessible::PageTabList);
    QCOMPARE(role("Light"), QAccessible::PageTab);
}

void AccessibleTest::aRowOfTheTrafficOpensByItsPress()
{
    Stage stage("lively", "traffic");
    QTRY_VERIFY(stage.perform("press GET /*"));
    QTRY_VERIFY(stage.find("Timing") != nullptr);
}

void AccessibleTest::aSwitchIsToggledByItsPress()
{
    Stage stage("lively");
    QVERIFY(stage.session().isSwitchedOn());
    QVERIFY(stage.perform("press Publish tunnels"));
    QTRY_VERIFY(!stage.session().isSwitchedOn());
}

void AccessibleTest::whatCannotBePressedSaysSo()
{
    Stage stage("empty");
    auto* connect = stage.find("Connect");
    QVERIFY(connect != nullptr);
    QVERIFY(saysThatItIsDisabled(*connect));
    QVERIFY(stage.perform(
        "type The line that your relay printed=sallyport://spt_abcdefghijklmnop@r.example:7000"));
    QVERIFY(!saysThatItIsDisabled(*stage.find("Connect")));
}

void AccessibleTest::aSecretIsNotReadOut()
{
    Stage stage("empty");
    const QString secret = "sallyport://spt_abcdefghijklmnop@r.example:7000";
    const QString label = "The line that your relay printed";
    QVERIFY(stage.perform("type " + label + "=" + secret));
    auto* field = stage.find(label);
    QVERIFY(field != nullptr);
    QVERIFY(field->state().passwordEdit);
    QVERIFY(!field->text(QAccessible::Value).contains("spt_"));
    auto* text = field->textInterface();
    QVERIFY(text == nullptr || !text->text(0, text->characterCount()).contains("spt_"));
}

void AccessibleTest::dialogsAreNamedAndCloseByEscape_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("opener");
    QTest::addColumn<QString>("title");
    QTest::newRow("qr") << "tunnels"
                        << "Show as QR code"
                        << "Scan to open";
    QTest::newRow("import") << "publish"
                            << "Import…"
                            << "Import tunnels";
    QTest::newRow("rename") << "accounts"
                            << "Rename…"
                            << "Rename";
    QTest::newRow("export") << "traffic"
                            << "Export…"
                            << "Export requests";
}

void AccessibleTest::dialogsAreNamedAndCloseByEscape()
{
    QFETCH(QString, page);
    QFETCH(QString, opener);
    QFETCH(QString, title);
    Stage stage("lively", page);
    stage.window->requestActivate();
    const auto dialogs = [&title](const auto& self, QAccessibleInterface* below) -> bool {
        if (below == nullptr || below->state().invisible)
            return false;
        if (below->role() == QAccessible::Dialog && below->text(QAccessible::Name) == title)
            return true;
        for (int i = 0; i < below->childCount(); ++i)
            if (self(self, below->child(i)))
                return true;
        return false;
    };
    QTRY_VERIFY(stage.perform("press " + opener));
    QTRY_VERIFY(dialogs(dialogs, stage.root()));
    QStringList faults;
    collectFaults(stage.root(), faults);
    QCOMPARE(faults.join('\n'), QString());
    QTest::keyClick(stage.window, Qt::Key_Escape);
    QTRY_VERIFY(!dialogs(dialogs, stage.root()));
    QCOMPARE(stage.session().currentPage(), page);
}

} // namespace sallyport::gui

int main(int argc, char** argv)
{
    sallyport::gui::Application::prepare();
    QApplication program(argc, argv);
    QAccessible::setActive(true);
    sallyport::gui::AccessibleTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "pages_accessible.moc"
