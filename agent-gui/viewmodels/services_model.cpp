#include "services_model.h"

#include "format.h"

#include <sallyport/desktop/service_discovery.h>

#include <QPointer>

#include <algorithm>

namespace sallyport::gui {

namespace {

using desktop::ListeningService;
using Sort = desktop::ServiceGuess::Sort;

QString iconOf(Sort sort)
{
    switch (sort) {
    case Sort::Web:
        return "globe";
    case Sort::RemoteShell:
        return "terminal";
    case Sort::Database:
        return "database";
    case Sort::RemoteDesktop:
    case Sort::Mail:
    case Sort::Files:
    case Sort::Messages:
    case Sort::System:
    case Sort::Unknown:
        break;
    }
    return "server";
}

config::Upstream upstreamOf(const ListeningService& service)
{
    config::Upstream upstream;
    upstream.endpoint = {service.host.empty() ? "127.0.0.1" : service.host, service.port};
    return upstream;
}

QString titleOf(const ListeningService& service)
{
    const auto& guess = service.guess;
    const std::string& best = !guess.title.empty()  ? guess.title
                              : !guess.name.empty() ? guess.name
                                                    : service.process;
    return best.empty() ? ServicesModel::tr("Unknown service") : fromUtf8(best);
}

// Web servers are made for visitors; a database, a remote shell or what is not known is mostly made
// for this computer alone, often without a password.
bool isMadeForVisitors(const ListeningService& service)
{
    return service.guess.sort == Sort::Web;
}

bool isLocal(const std::string& host)
{
    return host == "127.0.0.1" || host == "localhost" || host == "::1";
}

} // namespace

ServicesModel::~ServicesModel()
{
    if (m_session != nullptr && m_session->discovery() != nullptr)
        m_session->discovery()->setWatched(false);
}

void ServicesModel::setSession(Session* session)
{
    if (session == m_session || session == nullptr)
        return;
    m_session = session;
    connect(session, &Session::changed, this, &ServicesModel::tunnelsChanged);
    if (auto* discovery = session->discovery()) {
        connect(discovery, &desktop::ServiceDiscovery::changed, this, &ServicesModel::reload);
        connect(discovery, &desktop::ServiceDiscovery::looked, this, &ServicesModel::changed);
        discovery->setWatched(true);
    }
    emit sessionChanged();
    reload();
}

bool ServicesModel::isLooking() const
{
    return m_session != nullptr && m_session->discovery() != nullptr &&
           m_session->discovery()->isLooking();
}

QString ServicesModel::problem() const
{
    if (m_session == nullptr || m_session->discovery() == nullptr)
        return {};
    return fromUtf8(m_session->discovery()->problem());
}

void ServicesModel::reload()
{
    std::vector<ListeningService> now;
    if (const auto* discovery = m_session->discovery())
        now = discovery->services();
    // What one does not publish (name service, printing) would only be in the way.
    std::erase_if(now, [](const auto& service) { return service.guess.sort == Sort::System; });
    const bool samePorts = std::equal(
        now.begin(), now.end(), m_services.begin(), m_services.end(),
        [](const auto& a, const auto& b) { return a.port == b.port && a.host == b.host; });
    if (samePorts) {
        m_services = std::move(now);
        tunnelsChanged();
    } else {
        beginResetModel();
        m_services = std::move(now);
        endResetModel();
    }
    emit changed();
}

void ServicesModel::tunnelsChanged()
{
    if (!m_services.empty())
        emit dataChanged(index(0), index(count() - 1));
}

const control::TunnelView* ServicesModel::tunnelOf(const ListeningService& service) const
{
    for (const auto& view : m_session->control().snapshot().tunnels) {
        const auto& endpoint = view.status.config.upstream.endpoint;
        const bool sameHost =
            endpoint.host == service.host || (isLocal(endpoint.host) && isLocal(service.host));
        if (endpoint.port == service.port && sameHost)
            return &view;
    }
    return nullptr;
}

int ServicesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ServicesModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const ListeningService& service = m_services[size_t(index.row())];
    const auto* tunnel = tunnelOf(service);
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
        return titleOf(service);
    case DetailRole: {
        QStringList parts;
        if (!service.guess.title.empty() && !service.guess.name.empty())
            parts.append(fromUtf8(service.guess.name));
        parts.append(service.process.empty() ? tr("another user's program")
                                             : fromUtf8(service.process));
        if (service.exposed)
            parts.append(tr("also open to your network"));
        return parts.join(" · ");
    }
    case PortRole:
        return int(service.port);
    case UpstreamRole:
        return fromUtf8(upstreamOf(service).text());
    case KindRole:
        return int(service.guess.kind);
    case IconRole:
        return iconOf(service.guess.sort);
    case RefRole:
        return tunnel != nullptr ? fromUtf8(tunnel->status.ref) : QString();
    case PublishedRole: {
        const auto wish = m_underWay.find(upstreamOf(service).text());
        return wish == m_underWay.end() ? tunnel != nullptr && !tunnel->paused : wish->second;
    }
    case UrlRole:
        return tunnel != nullptr && !tunnel->status.urls.empty()
                   ? fromUtf8(tunnel->status.urls.front())
                   : QString();
    default:
        return {};
    }
}

QHash<int, QByteArray> ServicesModel::roleNames() const
{
    return {{TitleRole, "title"},       {DetailRole, "detail"},       {PortRole, "port"},
            {UpstreamRole, "upstream"}, {KindRole, "kind"},           {IconRole, "iconName"},
            {RefRole, "ref"},           {PublishedRole, "published"}, {UrlRole, "url"}};
}

void ServicesModel::setPublished(int row, bool published)
{
    if (row < 0 || row >= count())
        return;
    const ListeningService& service = m_services[size_t(row)];
    if (const auto* tunnel = tunnelOf(service)) {
        m_session->control().setPaused(tunnel->status.ref, !published,
                                       underWay(service, published));
        return;
    }
    if (!published)
        return;
    if (isMadeForVisitors(service))
        return publish(service);
    emit exposureAsked(titleOf(service), fromUtf8(upstreamOf(service).text()),
                       TunnelEditor::Kind(int(service.guess.kind)));
}

void ServicesModel::publishForAll(const QString& upstream)
{
    for (const ListeningService& service : m_services)
        if (fromUtf8(upstreamOf(service).text()) == upstream && tunnelOf(service) == nullptr)
            return publish(service);
}

void ServicesModel::publish(const ListeningService& service)
{
    auto& control = m_session->control();
    TunnelDraft draft;
    draft.kind = service.guess.kind;
    draft.address = TunnelDraft::Address::Chosen;
    draft.upstream = fromUtf8(upstreamOf(service).text());
    const auto outcome = draft.build();
    std::vector<std::string> refs = m_session->publisher().refs();
    for (const auto& view : control.snapshot().tunnels)
        refs.push_back(view.status.ref);
    if (outcome.config)
        control.putTunnel(draft.freshRef(refs), *outcome.config, underWay(service, true));
    else
        m_session->say(outcome.errors.upstream, Session::ToastKind::Bad);
}

control::AgentControl::Done ServicesModel::underWay(const ListeningService& service, bool published)
{
    const std::string upstream = upstreamOf(service).text();
    m_underWay[upstream] = published;
    tunnelsChanged();
    return [self = QPointer<ServicesModel>(this), upstream,
            complain = m_session->complaining()](const Result<void, agent::Problem>& result) {
        complain(result);
        if (!self)
            return;
        self->m_underWay.erase(upstream);
        self->tunnelsChanged();
    };
}

} // namespace sallyport::gui
