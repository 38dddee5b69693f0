#include "application.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIcon>
#include <QLocale>
#include <QQuickStyle>
#include <QQuickWindow>
#include <QTranslator>
#include <QVariantMap>

namespace sallyport::gui {

void Application::prepare()
{
    QCoreApplication::setOrganizationName("sallyport");
    QCoreApplication::setApplicationName("sallyport-gui");
    QQuickStyle::setStyle("Basic");
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
}

void Application::dress(const QString& language)
{
    QGuiApplication::setApplicationDisplayName("Sallyport");
    QGuiApplication::setDesktopFileName("sallyport");
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale(language);
    QLocale::setDefault(locale);
    auto* translator = new QTranslator(qApp);
    if (translator->load(locale, "sallyport", "_", ":/i18n"))
        QCoreApplication::installTranslator(translator);
}

Application::Application(control::AgentControl& control, QSettings* settings)
    : m_session(control, settings)
{
    m_engine.addImportPath("qrc:/qt/qml");
}

Application::~Application() = default;

QQuickWindow* Application::load()
{
    m_engine.setInitialProperties({{"session", QVariant::fromValue(&m_session)}});
    m_engine.load(QUrl("qrc:/qt/qml/Sallyport/Shell/Main.qml"));
    return window();
}

QQuickWindow* Application::window() const
{
    const auto roots = m_engine.rootObjects();
    return roots.isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(roots.first());
}

} // namespace sallyport::gui
