#include "welcome_model.h"

#include "format.h"
#include "problem_text.h"

#include <sallyport/config/agent_config.h>
#include <sallyport/control/credential.h>
#include <sallyport/control/settings.h>
#include <sallyport/wire/join_line.h>

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

namespace {

const control::Account* find(const control::AgentControl& control, const std::string& id)
{
    for (const auto& account : control.accounts())
        if (account.id == id)
            return &account;
    return nullptr;
}

std::string inUse(const control::AgentControl& control)
{
    for (const auto& account : control.accounts())
        if (account.inUse)
            return account.id;
    return {};
}

// The id under which the agent keeps it.
std::string idOf(const control::NewAccount& account)
{
    const auto credential = control::credentialFrom(account);
    return credential ? control::secretKey(credential->relay) : std::string();
}

void ignore(const Result<void, agent::Problem>&) {}

} // namespace

void WelcomeModel::setSession(Session* session)
{
    m_session = session;
    emit sessionChanged();
}

void WelcomeModel::take(QString& field, const QString& value)
{
    if (value == field)
        return;
    field = value;
    m_error.clear();
    emit changed();
}

void WelcomeModel::setByJoinLine(bool by)
{
    m_byJoinLine = by;
    m_error.clear();
    emit changed();
}

void WelcomeModel::setJoinLine(const QString& line)
{
    take(m_joinLine, line);
}

void WelcomeModel::setRelay(const QString& relay)
{
    take(m_relay, relay.trimmed());
}

void WelcomeModel::setToken(const QString& token)
{
    take(m_token, token.trimmed());
}

void WelcomeModel::setPin(const QString& pin)
{
    take(m_pin, pin.trimmed());
}

QString WelcomeModel::joinLineError() const
{
    if (m_joinLine.trimmed().isEmpty())
        return {};
    const auto line = wire::parseJoinLine(m_joinLine.toStdString());
    if (line)
        return {};
    switch (line.error()) {
    case wire::JoinLineError::BadScheme:
        return tr("A join line begins with sallyport://");
    case wire::JoinLineError::TooLong:
        return tr("The join line is too long.");
    case wire::JoinLineError::MissingToken:
        return tr("The token is missing: sallyport://TOKEN@HOST:7000");
    case wire::JoinLineError::BadToken:
        return tr("The token holds a character that no token has.");
    case wire::JoinLineError::BadHost:
        return tr("The host is neither a host name nor an address; an IPv6 address stands in "
                  "brackets.");
    case wire::JoinLineError::BadPort:
        return tr("The port is not a number from 1 to 65535.");
    case wire::JoinLineError::BadPin:
        return tr("The pin is not one: pin=sha256: and 43 characters.");
    case wire::JoinLineError::UnknownOption:
        return tr("The only option of a join line is pin.");
    }
    return {};
}

QString WelcomeModel::relayError() const
{
    if (m_relay.isEmpty())
        return {};
    const auto address = config::RelayAddress::parse(m_relay.toStdString());
    return address ? QString()
                   : tr("Write the relay's host name, with its port when that is not 7000, like "
                        "tunnel.example.com:7443.");
}

bool WelcomeModel::isComplete() const
{
    if (m_byJoinLine)
        return !m_joinLine.trimmed().isEmpty() && joinLineError().isEmpty();
    return !m_relay.isEmpty() && relayError().isEmpty() && !m_token.isEmpty();
}

QString WelcomeModel::target() const
{
    if (!m_byJoinLine)
        return m_relay;
    const auto line = wire::parseJoinLine(m_joinLine.toStdString());
    return line ? fromUtf8(line->host) : QString();
}

void WelcomeModel::replaceTokenOf(const QString& id)
{
    const auto* account = find(m_session->control(), id.toStdString());
    if (account == nullptr)
        return;
    m_replacing = true;
    m_byJoinLine = false;
    m_relay = fromUtf8(account->relay);
    m_pin = fromUtf8(account->pin);
    emit changed();
}

void WelcomeModel::start()
{
    if (m_busy || !isComplete() || m_session == nullptr)
        return;
    control::NewAccount account;
    if (m_byJoinLine)
        account.joinLine = Secret(m_joinLine.trimmed().toStdString());
    else {
        account.relay = m_relay.toStdString();
        account.token = Secret(m_token.toStdString());
        account.pin = m_pin.toStdString();
    }
    m_busy = true;
    m_error.clear();
    m_cancelled = std::make_shared<bool>(false);
    emit changed();
    auto& control = m_session->control();
    const std::string id = idOf(account);
    Undo undo{id, find(control, id) != nullptr, inUse(control)};
    control.addAccount(
        account, [self = QPointer<WelcomeModel>(this), session = QPointer<Session>(m_session),
                  &control, kept = m_kept, replacing = m_replacing, cancelled = m_cancelled,
                  undo = std::move(undo)](const Result<void, agent::Problem>& result) {
            if (*cancelled) {
                if (result)
                    takeBack(control, undo, *kept);
                return;
            }
            if (result)
                kept->push_back(undo.id);
            if (result && session) {
                session->say(replacing ? tr("The token was replaced.")
                                       : tr("Connected. Now choose what to publish."),
                             Session::ToastKind::Good);
                session->open(replacing ? "accounts" : "publish");
            }
            if (self)
                self->end(result);
        });
}

void WelcomeModel::cancel()
{
    if (!m_busy)
        return;
    *m_cancelled = true;
    m_busy = false;
    emit changed();
}

void WelcomeModel::takeBack(control::AgentControl& control, const Undo& undo, const Ids& kept)
{
    // The tries that were not cancelled count.
    const std::string& wanted = kept.empty() ? undo.inUse : kept.back();
    if (wanted != undo.id && find(control, wanted) != nullptr)
        control.useAccount(wanted, ignore);
    const bool ours = !undo.wasThere && std::find(kept.begin(), kept.end(), undo.id) == kept.end();
    if (ours)
        control.removeAccount(undo.id, ignore);
}

void WelcomeModel::end(const Result<void, agent::Problem>& result)
{
    m_busy = false;
    if (result) {
        m_joinLine.clear();
        m_token.clear();
        emit changed();
        emit added();
        return;
    }
    m_error = problemText(result.error());
    emit changed();
}

} // namespace sallyport::gui
