#include "service_model.h"

#include <QDir>
#include <QStandardPaths>

namespace sallyport::gui {

namespace {

using desktop::ServiceInstaller;

// The user's own service: it reads the same configuration and credential as this program, and
// needs no password.
constexpr auto Scope = ServiceInstaller::Scope::User;

std::string usualConfigFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return QDir(folder).filePath("sallyport/agent.yaml").toStdString();
}

} // namespace

ServiceModel::ServiceModel(QObject* parent)
    : QObject(parent), m_installer(std::make_unique<ServiceInstaller>())
{}

ServiceModel::ServiceModel(std::unique_ptr<ServiceInstaller> installer)
    : m_installer(std::move(installer))
{}

void ServiceModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    emit sessionChanged();
    refresh();
}

QString ServiceModel::lingerHint()
{
    return QString::fromStdString(ServiceInstaller::lingerHint(qgetenv("USER").toStdString()));
}

void ServiceModel::refresh()
{
    if (m_session == nullptr || !m_session->settings()->isReal())
        return;
    m_installer->status(Scope, [this](const Result<ServiceInstaller::Status, std::string>& status) {
        if (status)
            m_status = status.value();
        else
            m_problem = QString::fromStdString(status.error());
        emit changed();
    });
}

void ServiceModel::begin()
{
    m_busy = true;
    m_problem.clear();
    emit changed();
}

void ServiceModel::finish(const Result<void, std::string>& result)
{
    m_busy = false;
    if (!result)
        m_problem = QString::fromStdString(result.error());
    emit changed();
    if (result)
        refresh();
}

void ServiceModel::install()
{
    if (m_busy || !m_session->settings()->isReal())
        return;
    begin();
    m_installer->install(Scope, {usualConfigFile(), Secret()},
                         [this](const Result<void, std::string>& result) { finish(result); });
}

void ServiceModel::uninstall()
{
    if (m_busy || !m_session->settings()->isReal())
        return;
    begin();
    m_installer->uninstall(Scope,
                           [this](const Result<void, std::string>& result) { finish(result); });
}

} // namespace sallyport::gui
