#include "tunnel_draft.h"

#include "format.h"

#include <sallyport/config/addresses.h>
#include <sallyport/wire/access.h>
#include <sallyport/wire/names.h>

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace sallyport::gui {

namespace {

using config::TunnelKind;

constexpr size_t MaxRef = 48; // room for "-2"

QString translated(const char* text)
{
    return QCoreApplication::translate("TunnelDraft", text);
}

bool hasName(TunnelKind kind)
{
    return kind == TunnelKind::Http || kind == TunnelKind::Tls;
}

QStringList words(const QString& text)
{
    static const QRegularExpression between("[\\s,;]+");
    return text.split(between, Qt::SkipEmptyParts);
}

// Why a text is no upstream, each case with its way out.
QString upstreamReason(const QString& text, TunnelKind kind)
{
    static const QRegularExpression number("^-?[0-9]+$");
    static const QRegularExpression scheme("^([a-z][a-z0-9+.-]*)://(.*)$",
                                           QRegularExpression::CaseInsensitiveOption);
    if (number.match(text).hasMatch())
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "A port is a number from 1 to 65535."));
    const auto url = scheme.match(text);
    const QString rest = url.hasMatch() ? url.captured(2) : text;
    const QString host = rest.section('/', 0, 0);
    if (url.hasMatch() && url.captured(1).compare("https", Qt::CaseInsensitive) == 0)
        return kind == TunnelKind::Http
                   ? translated(QT_TRANSLATE_NOOP(
                         "TunnelDraft",
                         "A service that speaks HTTPS itself is published as TLS, or "
                         "by its plain HTTP port."))
                   : translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write host and port alone: %1"))
                         .arg(host);
    if (!text.startsWith("unix:") && rest.contains('/') && !rest.endsWith('/') && !host.isEmpty())
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "A service has all its paths: write %1"))
            .arg(url.hasMatch()       ? url.captured(1) + "://" + host
                 : host.contains(':') ? host
                                      : host + ":3000");
    if (url.hasMatch() && kind != TunnelKind::Http && !host.isEmpty())
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write host and port alone: %1"))
            .arg(host);
    if (host.count(':') > 1 && !host.startsWith('['))
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "An IPv6 address stands in brackets "
                                                           "before its port: [::1]:3000"));
    const QString port = host.section(']', -1).section(':', 1);
    if (!url.hasMatch() && port.isEmpty() && !text.startsWith("unix:") && !text.contains(' '))
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "The port is missing: write %1:3000"))
            .arg(host.section(':', 0, host.startsWith('[') ? -1 : 0));
    if (number.match(port).hasMatch())
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "A port is a number from 1 to 65535."));
    return translated(QT_TRANSLATE_NOOP(
        "TunnelDraft", "Write a port of this computer like 3000, host and port like "
                       "192.168.1.20:8080, or a socket like unix:/run/app.sock."));
}

// Each fills its part and says whether that is complete.
bool setUpstream(const TunnelDraft& draft, config::TunnelConfig& config, QString& error)
{
    if (draft.upstream.trimmed().isEmpty())
        return false;
    const auto upstream =
        config::Upstream::parse(draft.upstream.trimmed().toStdString(), draft.kind);
    if (!upstream) {
        error = upstreamReason(draft.upstream.trimmed(), draft.kind);
        return false;
    }
    config.upstream = *upstream;
    return true;
}

bool setName(const QString& name, config::TunnelConfig& config, QString& error)
{
    if (name.isEmpty())
        return false;
    if (!wire::isValidName(name.toStdString())) {
        error = translated(QT_TRANSLATE_NOOP(
            "TunnelDraft", "A name has small letters, digits and hyphens, at most 63, "
                           "and no hyphen at its ends."));
        return false;
    }
    config.name = name.toStdString();
    return true;
}

bool setHostname(const QString& hostname, config::TunnelConfig& config, QString& error)
{
    if (hostname.isEmpty())
        return false;
    const auto parsed = wire::parseHostname(hostname.toStdString());
    if (!parsed) {
        error = translated(QT_TRANSLATE_NOOP("TunnelDraft",
                                             "A host name has letters, digits and hyphens between "
                                             "its dots, like www.example.com."));
        return false;
    }
    config.hostname = *parsed;
    return true;
}

bool setPort(const QString& port, config::TunnelConfig& config, QString& error)
{
    if (port.isEmpty())
        return false;
    const auto parsed = config::parsePort(port.toStdString());
    if (!parsed) {
        error = translated(QT_TRANSLATE_NOOP("TunnelDraft", "A port is a number from 1 to 65535."));
        return false;
    }
    config.remotePort = *parsed;
    return true;
}

bool setAddress(const TunnelDraft& draft, config::TunnelConfig& config, QString& error)
{
    config.name.reset();
    config.hostname.reset();
    config.remotePort.reset();
    switch (draft.address) {
    case TunnelDraft::Address::Chosen:
        return true;
    case TunnelDraft::Address::Name:
        return !hasName(draft.kind) || setName(draft.name.trimmed(), config, error);
    case TunnelDraft::Address::Hostname:
        return !hasName(draft.kind) || setHostname(draft.hostname.trimmed(), config, error);
    case TunnelDraft::Address::Port:
        return hasName(draft.kind) || setPort(draft.port.trimmed(), config, error);
    }
    return false;
}

bool setUser(const TunnelDraft& draft, config::TunnelConfig& config, QString& error)
{
    if (draft.kind != TunnelKind::Http) {
        error = translated(
            QT_TRANSLATE_NOOP("TunnelDraft", "Only web services can ask for a password."));
        return false;
    }
    const std::string user = draft.user.trimmed().toStdString();
    if (user.empty())
        return false;
    if (wire::checkUserName(user)) {
        error = translated(QT_TRANSLATE_NOOP(
            "TunnelDraft", "A user's name has at most 128 letters, and no colon."));
        return false;
    }
    const auto& before = draft.base.access.users;
    const auto known = std::find_if(before.begin(), before.end(),
                                    [&user](const auto& other) { return other.name == user; });
    const std::string hash = known == before.end() ? std::string() : known->hash;
    config.access.users = {{user, hash}};
    return draft.passwordGiven || !hash.empty();
}

bool setNetworks(const QString& text, config::TunnelConfig& config, QString& error)
{
    const QStringList networks = words(text);
    if (networks.size() > qsizetype(wire::AccessLimits::Networks)) {
        error = translated(QT_TRANSLATE_NOOP("TunnelDraft", "At most %1 networks."))
                    .arg(wire::AccessLimits::Networks);
        return false;
    }
    for (const QString& network : networks) {
        const auto parsed = config::Network::parse(network.toStdString());
        if (!parsed) {
            error = translated(QT_TRANSLATE_NOOP("TunnelDraft", "%1 is no network: write "
                                                                "10.0.0.0/8, fd00::/8 or one "
                                                                "address."))
                        .arg(network);
            return false;
        }
        config.access.allow.push_back(parsed->text());
    }
    return !networks.isEmpty();
}

bool setAccess(const TunnelDraft& draft, config::TunnelConfig& config, QString& error)
{
    if (draft.access == TunnelDraft::Access::Kept)
        return true;
    config.access.users.clear();
    config.access.tokenHashes.clear();
    config.access.allow.clear();
    config.access.deny.clear();
    switch (draft.access) {
    case TunnelDraft::Access::Password:
        return setUser(draft, config, error);
    case TunnelDraft::Access::Networks:
        return setNetworks(draft.networks, config, error);
    case TunnelDraft::Access::Everybody:
    case TunnelDraft::Access::Kept:
        break;
    }
    config.access = {};
    return true;
}

// The first thing that has to be written yet; what stands there and is wrong has an error of its
// own.
QString missingOf(const TunnelDraft& draft, bool upstreamDone, bool addressDone)
{
    if (!upstreamDone)
        return draft.upstream.trimmed().isEmpty()
                   ? translated(
                         QT_TRANSLATE_NOOP("TunnelDraft", "Write where the service listens."))
                   : QString();
    if (!addressDone) {
        if (draft.address == TunnelDraft::Address::Name && draft.name.trimmed().isEmpty())
            return translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write a name."));
        if (draft.address == TunnelDraft::Address::Hostname && draft.hostname.trimmed().isEmpty())
            return translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write a host name."));
        if (draft.address == TunnelDraft::Address::Port && draft.port.trimmed().isEmpty())
            return translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write a port."));
        return {};
    }
    if (draft.access == TunnelDraft::Access::Networks)
        return draft.networks.trimmed().isEmpty()
                   ? translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write which networks may visit."))
                   : QString();
    if (draft.user.trimmed().isEmpty())
        return translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write a user and a password."));
    return draft.passwordGiven ? QString()
                               : translated(QT_TRANSLATE_NOOP("TunnelDraft", "Write a password."));
}

TunnelDraft::Access accessOf(const wire::AccessPolicy& access)
{
    if (access == wire::AccessPolicy{})
        return TunnelDraft::Access::Everybody;
    wire::AccessPolicy passwordAlone;
    passwordAlone.users = access.users;
    if (access == passwordAlone && access.users.size() == 1)
        return TunnelDraft::Access::Password;
    wire::AccessPolicy networksAlone;
    networksAlone.allow = access.allow;
    return access == networksAlone ? TunnelDraft::Access::Networks : TunnelDraft::Access::Kept;
}

} // namespace

TunnelDraft::Outcome TunnelDraft::build() const
{
    Outcome outcome;
    config::TunnelConfig config = base;
    if (config.kind != kind)
        config = {};
    config.kind = kind;
    const bool upstreamDone = setUpstream(*this, config, outcome.errors.upstream);
    const bool addressDone = setAddress(*this, config, outcome.errors.address);
    const bool accessDone = setAccess(*this, config, outcome.errors.access);
    if (upstreamDone && addressDone) {
        outcome.addressed = config;
        outcome.addressed->access = {};
    }
    if (!upstreamDone || !addressDone || !accessDone)
        outcome.missing =
            outcome.errors == Errors{} ? missingOf(*this, upstreamDone, addressDone) : QString();
    else
        outcome.config = std::move(config);
    return outcome;
}

TunnelDraft TunnelDraft::from(const config::TunnelConfig& config)
{
    TunnelDraft draft;
    draft.base = config;
    draft.kind = config.kind;
    draft.upstream = fromUtf8(config.upstream.text());
    draft.address = config.name         ? Address::Name
                    : config.hostname   ? Address::Hostname
                    : config.remotePort ? Address::Port
                                        : Address::Chosen;
    draft.name = fromUtf8(config.name.value_or(""));
    draft.hostname = fromUtf8(config.hostname.value_or(""));
    draft.port = config.remotePort ? QString::number(*config.remotePort) : QString();
    draft.access = accessOf(config.access);
    if (draft.access == Access::Password)
        draft.user = fromUtf8(config.access.users.front().name);
    if (draft.access == Access::Networks)
        for (const std::string& network : config.access.allow)
            draft.networks += (draft.networks.isEmpty() ? "" : ", ") + fromUtf8(network);
    return draft;
}

std::string TunnelDraft::freshRef(const std::vector<std::string>& taken) const
{
    std::string ref(wire::kindText(kind));
    if (hasName(kind) && address == Address::Name)
        ref = name.trimmed().toStdString();
    else if (hasName(kind) && address == Address::Hostname)
        ref = hostname
                  .section('.', hostname.startsWith('*') ? 1 : 0, hostname.startsWith('*') ? 1 : 0)
                  .toStdString();
    else if (const auto parsed = config::Upstream::parse(upstream.trimmed().toStdString(), kind))
        ref += parsed->isUnix() ? "-socket" : "-" + std::to_string(parsed->endpoint.port);
    ref = ref.substr(0, MaxRef);
    const auto isTaken = [&taken](const std::string& candidate) {
        return std::find(taken.begin(), taken.end(), candidate) != taken.end();
    };
    if (!isTaken(ref))
        return ref;
    for (size_t number = 2;; ++number)
        if (std::string next = ref + "-" + std::to_string(number); !isTaken(next))
            return next;
}

} // namespace sallyport::gui
