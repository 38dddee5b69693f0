#include "service_model.h"

#include "problem_text.h"
#include "service_text.h"
#include "session.h"

#include <sallyport/control/accounts.h>
#include <sallyport/control/settings.h>

#include <utility>

namespace sallyport::gui {

namespace {

using Scope = desktop::ServiceInstaller::Scope;
using Status = desktop::ServiceInstaller::Status;

} // namespace

ServiceModel::ServiceModel(Session& session)
    : ServiceModel(session, std::make_unique<Installer>(), {})
{
    m_collector = std::make_unique<control::TokenCollector>();
    m_collect = [this](const std::string& file, control::TokenCollector::Done done) {
        m_collector->collect(file, std::move(done));
    };
}

ServiceModel::ServiceModel(Session& session, std::unique_ptr<Installer> installer, Collect collect)
    : m_session(session), m_installer(std::move(installer)), m_collect(std::move(collect))
{
    connect(&session.control(), &control::AgentControl::accountsChanged, this,
            &ServiceModel::lookAtTokens);
    connect(&session.control(), &control::AgentControl::placeChanged, this,
            &ServiceModel::takeBack);
    refresh();
}

ServiceModel::~ServiceModel() = default;

void ServiceModel::refresh()
{
    if (!m_session.settings()->isReal())
        return;
    const auto keep = [this](Status& kept) {
        return [this, &kept](const Result<Status, desktop::ServiceProblem>& status) {
            if (status)
                kept = status.value();
            else
                m_problem = serviceText(status.error());
            lookAtTokens();
            emit changed();
        };
    };
    m_installer->status(Scope::User, keep(m_atLogin));
    m_installer->status(Scope::Person, keep(m_withComputer));
}

void ServiceModel::lookAtTokens()
{
    bool lacks = false;
    if (m_withComputer.installed)
        if (const auto accounts = control::Accounts::read())
            lacks = control::lacksTokens(m_withComputer.handed, *accounts);
    if (std::exchange(m_lacksToken, lacks) != lacks)
        emit changed();
}

bool ServiceModel::begin()
{
    if (m_busy || !m_session.settings()->isReal())
        return false;
    m_busy = true;
    m_problem.clear();
    emit changed();
    return true;
}

void ServiceModel::install()
{
    if (!begin())
        return;
    m_installer->install(Scope::User, {control::configFile({}), Secret()},
                         [this](const Done& result) { installed(result); });
}

void ServiceModel::installWithComputer()
{
    if (begin())
        m_collect(control::configFile({}), [this](const auto& tokens) { handOver(tokens); });
}

void ServiceModel::handOver(const Result<control::HandedTokens, agent::Problem>& tokens)
{
    if (!tokens)
        return finish(problemText(tokens.error()));
    m_asks = true;
    emit changed();
    Installer::Installation installation{control::configFile({}), Secret()};
    installation.tokens = tokens->text();
    m_installer->install(Scope::Person, std::move(installation), [this](const Done& result) {
        if (!result || !m_atLogin.installed)
            return installed(result);
        // One is enough; the other would only wait.
        m_installer->uninstall(Scope::User, [this](const Done& gone) { installed(gone); });
    });
}

void ServiceModel::installed(const Done& result)
{
    m_takesBack = false;
    if (result)
        m_session.control().standAside();
    finish(result ? QString() : serviceText(result.error()));
}

void ServiceModel::uninstall()
{
    if (!begin())
        return;
    m_wasOn = m_session.control().snapshot().switchedOn;
    const Scope scope = m_withComputer.installed ? Scope::Person : Scope::User;
    m_asks = scope == Scope::Person;
    emit changed();
    m_installer->uninstall(scope, [this](const Done& result) { removed(result); });
}

// What was published stays so; the service itself was stopped in good order, which switches it off.
void ServiceModel::removed(const Done& result)
{
    m_takesBack = result.ok() && m_wasOn;
    takeBack();
    finish(result ? QString() : serviceText(result.error()));
}

// Once it has been noticed that the service's agent is gone.
void ServiceModel::takeBack()
{
    control::AgentControl& agent = m_session.control();
    if (agent.place() != control::AgentControl::Place::Detached ||
        !std::exchange(m_takesBack, false))
        return;
    agent.takeOver([](const Result<void, agent::Problem>&) {});
}

void ServiceModel::finish(const QString& problem)
{
    m_busy = false;
    m_asks = false;
    refresh();
    m_problem = problem;
    emit changed();
}

} // namespace sallyport::gui
