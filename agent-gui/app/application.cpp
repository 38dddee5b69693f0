#include "application.h"

#include "raise_window.h"
#include "tray.h"
#include "window_place.h"

#include <sallyport/desktop/translator.h>

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIcon>
#include <QQuickWindow>
#include <QSettings>
#include <QVariantMap>

namespace sallyport::gui {

namespace {

void setWindowIcon()
{
    if (QGuiApplication::windowIcon().isNull())
        QGuiApplication::setWindowIcon(
            QIcon::fromTheme("sallyport", QIcon(":/icons/sallyport.svg")));
}

} // namespace

void Application::prepare()
{
    QCoreApplication::setOrganizationName("sallyport");
    QCoreApplication::setApplicationName("sallyport-gui");
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
}

void Application::dress(const QString& language)
{
    QGuiApplication::setApplicationDisplayName("Sallyport");
    QGuiApplication::setDesktopFileName("sallyport");
    auto* translator = new desktop::Translator(":/i18n", qApp);
    translator->setLanguage(language);
}

Application::Application(control::AgentControl& control, QSettings* settings)
    : m_session(control, settings)
{
    m_settings = settings;
    followLanguage(settings);
}

Application::~Application() = default;

// Of the translator that dress() made: what the person chose before, and what they choose now.
void Application::followLanguage(QSettings* settings)
{
    auto* translator = qApp->findChild<desktop::Translator*>();
    if (translator == nullptr)
        return;
    if (settings != nullptr && translator->language() == "system")
        translator->setLanguage(settings->value("language").toString());
    QObject::connect(translator, &desktop::Translator::changed, &m_session,
                     [this, translator, settings] {
                         if (settings != nullptr)
                             settings->setValue("language", translator->language());
                         if (m_engine)
                             m_engine->retranslate();
                         emit m_session.changed();
                     });
}

QQuickWindow* Application::load()
{
    m_engine = std::make_unique<QQmlApplicationEngine>();
    m_engine->addImportPath("qrc:/qt/qml");
    m_engine->setInitialProperties({{"session", QVariant::fromValue(&m_session)}});
    m_engine->load(QUrl("qrc:/qt/qml/Sallyport/Shell/Main.qml"));
    if (window() == nullptr)
        return nullptr;
    new WindowPlace(*window(), m_settings);
    if (m_tray)
        m_tray->setWindow(*window());
    QObject::connect(&m_session, &Session::raiseRequested, window(),
                     [shown = window()] { raiseWindow(*shown); });
    // Themes and drawings are read for it: the first frame need not wait for that.
    QObject::connect(window(), &QQuickWindow::frameSwapped, &m_session, &setWindowIcon,
                     Qt::SingleShotConnection);
    QObject::connect(window(), &QWindow::visibilityChanged, &m_session,
                     [](QWindow::Visibility now) {
                         if (now == QWindow::Minimized)
                             setWindowIcon();
                     });
    return window();
}

void Application::addTray()
{
    m_tray = std::make_unique<Tray>(m_session);
}

QQuickWindow* Application::window() const
{
    if (!m_engine)
        return nullptr;
    const auto roots = m_engine->rootObjects();
    return roots.isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(roots.first());
}

} // namespace sallyport::gui
