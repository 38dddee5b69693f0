#include "welcome_model.h"

#include "format.h"
#include "problem_text.h"

#include <sallyport/config/agent_config.h>
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
    m_replaced = id;
    m_byJoinLine = false;
    m_relay = fromUtf8(account->relay);
    m_pin = fromUtf8(account->pin);
    emit changed();
}

bool WelcomeModel::replacesToken() const
{
    const auto* account = find(m_session->control(), m_replaced.toStdString());
    if (account == nullptr || m_byJoinLine)
        return false;
    const auto before = config::RelayAddress::parse(account->relay);
    const auto now = config::RelayAddress::parse(m_relay.toStdString());
    return before && now && control::relayKey(*before) == control::relayKey(*now);
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
    const bool replacing = replacesToken();
    if (replacing)
        account.replaces = m_replaced.toStdString();
    m_busy = true;
    m_error.clear();
    m_cancelled = std::make_shared<bool>(false);
    emit changed();
    auto& control = m_session->control();
    Undo undo{{}, inUse(control)};
    for (const auto& known : control.accounts())
        undo.there.push_back(known.id);
    control.addAccount(
        account, [self = QPointer<WelcomeModel>(this), session = QPointer<Session>(m_session),
                  &control, kept = m_kept, replacing, cancelled = m_cancelled,
                  undo = std::move(undo)](const Result<void, agent::Problem>& result) {
            if (*cancelled) {
                if (result)
                    takeBack(control, undo, *kept);
                return;
            }
            if (result)
                kept->push_back(inUse(control));
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
    const auto has = [](const Ids& ids, const std::string& id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    const std::string added = inUse(control); // by the try that is over now
    // The tries that were not cancelled count.
    const std::string& wanted = kept.empty() ? undo.inUse : kept.back();
    if (wanted != added && find(control, wanted) != nullptr)
        control.useAccount(wanted, ignore);
    if (!has(undo.there, added) && !has(kept, added))
        control.removeAccount(added, ignore);
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
