#include "tunnel_editor.h"

#include "format.h"
#include "problem_text.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/wire/names.h>

#include <QPointer>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <tuple>

namespace sallyport::gui {

namespace {

using Address = TunnelDraft::Address;

constexpr std::array Kinds = {config::TunnelKind::Http, config::TunnelKind::Tls,
                              config::TunnelKind::Tcp, config::TunnelKind::Udp};

template <typename Value>
bool assign(Value& field, const Value& value)
{
    if (field == value)
        return false;
    field = value;
    return true;
}

} // namespace

TunnelEditor::TunnelEditor(QObject* parent) : QObject(parent)
{
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(CheckAfterMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &TunnelEditor::check);
    clear();
}

TunnelEditor::~TunnelEditor()
{
    leave();
}

void TunnelEditor::leave()
{
    // What is being published is the publisher's to keep.
    if (m_session && m_begun && !isBusy())
        m_session->keepUnfinished(m_ref, unfinished());
    m_order.reset();
}

UnfinishedTunnel TunnelEditor::unfinished() const
{
    UnfinishedTunnel form{m_draft, m_suggested};
    form.draft.passwordGiven = false;
    return form;
}

void TunnelEditor::setSession(Session* session)
{
    m_session = session;
    emit sessionChanged();
}

void TunnelEditor::setUpstream(const QString& upstream)
{
    if (assign(m_draft.upstream, upstream))
        edited();
}

TunnelEditor::Kind TunnelEditor::kind() const
{
    return Kind(std::find(Kinds.begin(), Kinds.end(), m_draft.kind) - Kinds.begin());
}

void TunnelEditor::setKind(Kind kind)
{
    if (!assign(m_draft.kind, Kinds.at(size_t(kind))))
        return;
    if (!isNamed() && (m_draft.address == Address::Name || m_draft.address == Address::Hostname))
        m_draft.address = Address::Chosen;
    if (isNamed() && m_draft.address == Address::Port)
        m_draft.address = Address::Name;
    edited();
}

bool TunnelEditor::isNamed() const
{
    return m_draft.kind == config::TunnelKind::Http || m_draft.kind == config::TunnelKind::Tls;
}

void TunnelEditor::setAddressMode(AddressMode mode)
{
    if (!assign(m_draft.address, Address(int(mode))))
        return;
    if (mode == AddressMode::OwnName && m_draft.name.isEmpty())
        suggestName();
    edited();
}

void TunnelEditor::setName(const QString& name)
{
    if (!assign(m_draft.name, name))
        return;
    m_suggested = false;
    edited();
}

void TunnelEditor::setHostname(const QString& hostname)
{
    if (assign(m_draft.hostname, hostname))
        edited();
}

void TunnelEditor::setPort(const QString& port)
{
    if (assign(m_draft.port, port))
        edited();
}

void TunnelEditor::setAccessMode(AccessMode mode)
{
    if (assign(m_draft.access, TunnelDraft::Access(int(mode))))
        edited();
}

bool TunnelEditor::isAccessKept() const
{
    return TunnelDraft::from(m_draft.base).access == TunnelDraft::Access::Kept;
}

void TunnelEditor::setUser(const QString& user)
{
    if (assign(m_draft.user, user))
        edited();
}

void TunnelEditor::setPassword(const QString& password)
{
    if (!assign(m_password, password))
        return;
    m_draft.passwordGiven = !password.isEmpty();
    edited();
}

bool TunnelEditor::isPasswordKnown() const
{
    for (const auto& user : m_draft.base.access.users)
        if (fromUtf8(user.name) == m_draft.user.trimmed())
            return true;
    return false;
}

void TunnelEditor::setNetworks(const QString& networks)
{
    if (assign(m_draft.networks, networks))
        edited();
}

void TunnelEditor::suggestName()
{
    const std::string seed = std::to_string(QRandomGenerator::global()->generate());
    m_draft.name = fromUtf8(wire::chooseName(seed, "tunnel"));
    m_suggested = true;
}

void TunnelEditor::clear()
{
    m_draft = {};
    m_order.reset();
    m_asked.reset();
    m_begun = false;
    m_ref.clear();
    m_password.clear();
    suggestName();
    fill();
}

void TunnelEditor::leaveEdited()
{
    if (m_ref.isEmpty())
        return;
    leave();
    clear();
    resume();
}

void TunnelEditor::resume()
{
    if (auto form = m_session->takeUnfinished({}))
        resume(std::move(*form));
}

void TunnelEditor::resume(UnfinishedTunnel form)
{
    m_draft = std::move(form.draft);
    m_suggested = form.suggestedName;
    edited();
}

void TunnelEditor::load(const QString& ref, bool copy)
{
    for (const auto& view : m_session->control().snapshot().tunnels) {
        if (fromUtf8(view.status.ref) != ref)
            continue;
        leave();
        m_draft = TunnelDraft::from(view.status.config);
        m_asked.reset();
        m_begun = false;
        m_ref = copy ? QString() : ref;
        m_password.clear();
        m_suggested = false;
        if (copy && isNamed()) {
            m_draft.address = Address::Name;
            suggestName();
        } else if (copy)
            m_draft.address = Address::Chosen;
        fill();
        auto form = copy ? std::nullopt : m_session->takeUnfinished(ref);
        if (form) {
            form->draft.base = view.status.config;
            resume(std::move(*form));
        }
        return;
    }
}

void TunnelEditor::take(const QString& upstream, Kind kind)
{
    clear();
    m_draft.upstream = upstream;
    setKind(kind);
    edited();
}

void TunnelEditor::edited()
{
    m_begun = true;
    fill();
}

void TunnelEditor::fill()
{
    m_outcome = m_draft.build();
    m_error.clear();
    // Who may visit changes nothing of the address.
    if (m_outcome.addressed && m_outcome.addressed == m_asked) {
        emit changed();
        return;
    }
    m_asked = m_outcome.addressed;
    ++m_question;
    m_availabilityText.clear();
    m_previewUrl = m_asked ? urlOfEdited() : QString();
    m_availability = !m_asked                 ? Availability::Unknown
                     : m_previewUrl.isEmpty() ? Availability::Checking
                                              : Availability::Own;
    if (m_availability == Availability::Checking)
        m_checkTimer.start();
    else
        m_checkTimer.stop();
    emit changed();
}

// The address of the tunnel that is edited, while it keeps it.
QString TunnelEditor::urlOfEdited() const
{
    if (m_ref.isEmpty() || m_session == nullptr)
        return {};
    const auto addressOf = [](const config::TunnelConfig& tunnel) {
        return std::tie(tunnel.kind, tunnel.name, tunnel.hostname, tunnel.remotePort);
    };
    for (const auto& view : m_session->control().snapshot().tunnels)
        if (fromUtf8(view.status.ref) == m_ref &&
            addressOf(view.status.config) == addressOf(*m_asked))
            return fromUtf8(m_session->lastAddresses().of(view));
    return {};
}

void TunnelEditor::check()
{
    if (m_session == nullptr || !m_asked)
        return;
    m_session->control().checkAddress(
        *m_asked, [self = QPointer<TunnelEditor>(this), question = m_question](
                      const Result<control::AddressCheck, agent::Problem>& result) {
            if (!self || self->m_question != question)
                return;
            if (!result) {
                self->m_availability = Availability::Unknown;
                self->m_availabilityText = problemText(result.error());
            } else if (!result->free && self->m_suggested && self->m_ref.isEmpty()) {
                // A name of ours that this credential may not have: the relay chooses one.
                self->m_suggested = false;
                self->m_draft.address = Address::Chosen;
                self->fill();
                return;
            } else {
                self->m_availability = result->free ? Availability::Free : Availability::Taken;
                self->m_availabilityText = problemText(result->reason);
                self->m_previewUrl = fromUtf8(result->url);
            }
            emit self->changed();
        });
}

std::vector<std::string> TunnelEditor::refs() const
{
    std::vector<std::string> refs = m_session->publisher().refs();
    for (const auto& view : m_session->control().snapshot().tunnels)
        refs.push_back(view.status.ref);
    return refs;
}

void TunnelEditor::publish()
{
    if (isBusy() || !m_outcome.config || m_session == nullptr)
        return;
    Publisher::Order order;
    order.ref = m_ref.isEmpty() ? m_draft.freshRef(refs()) : m_ref.toStdString();
    order.config = *m_outcome.config;
    if (m_draft.access == TunnelDraft::Access::Password && !m_password.isEmpty())
        order.hash = [password = Secret(m_password.toStdString())](config::TunnelConfig& config) {
            auto hash = auth::hashPassword(password);
            if (hash)
                config.access.users.front().hash = std::move(*hash);
            return hash.has_value();
        };
    order.formRef = m_ref;
    order.form = unfinished();
    m_order = std::make_unique<QObject>();
    m_error.clear();
    emit changed();
    const std::string ref = order.ref;
    m_session->publisher().publish(
        std::move(order), m_order.get(),
        [this, ref](const Result<void, QString>& result) { told(ref, result); });
}

void TunnelEditor::told(const std::string& ref, const Result<void, QString>& result)
{
    m_order.reset();
    if (!result) {
        m_error = result.error();
        emit changed();
        return;
    }
    clear();
    emit published(fromUtf8(ref));
}

} // namespace sallyport::gui
