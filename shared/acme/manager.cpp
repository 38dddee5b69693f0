// What is wanted, when it is due, and what can be told about it; manager_orders.cpp has the orders.
#include <sallyport/acme/manager.h>
#include <sallyport/acme/renewal.h>

#include <algorithm>

namespace sallyport::acme {

using namespace std::chrono;

namespace {
// The wall clock may be set; what is due by it is looked at again this often.
constexpr auto WallCheck = hours(1);
} // namespace

Manager::Manager(ManagerConfig config, AccountKey key, std::function<uint32_t()> random)
    : m_config(std::move(config)),
      m_client(m_config.client, std::move(key)),
      m_random(std::move(random))
{}

// --- inputs ---

void Manager::receive(uint64_t requestId, const Response& response, Now now)
{
    m_client.receive(requestId, response, now);
    pump(now);
}

void Manager::requestFailed(uint64_t requestId, const std::string& reason, Now now)
{
    m_client.requestFailed(requestId, reason, now);
    pump(now);
}

void Manager::handleTimeout(Now now)
{
    m_client.handleTimeout(now);
    pump(now);
}

// --- commands ---

bool Manager::want(Wanted wanted, Now now)
{
    const auto found = m_entries.find(wanted.id);
    if (found != m_entries.end()) {
        if (!std::exchange(found->second.wanted, true)) {
            ++m_wanted;
            ++m_version;
        }
        pump(now);
        return true;
    }
    if (m_wanted >= m_config.certificates)
        return false;
    if (m_entries.size() >= m_config.certificates)
        makeRoom();
    ++m_wanted;
    ++m_version;
    Entry entry;
    entry.names = wanted.names;
    entry.backoff = Backoff(m_config.firstRetry, m_config.longestRetry);
    entry.since = now.wall;
    entry.unfinished = std::move(wanted.order);
    entry.tag = m_nextTag++;
    Entry& placed = m_entries.emplace(wanted.id, std::move(entry)).first->second;
    if (wanted.stored && tls::checkKeyPair(*wanted.stored, now.wall))
        install(wanted.id, placed, std::move(*wanted.stored), false, now);
    pump(now);
    return true;
}

void Manager::unwant(const std::string& id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || !std::exchange(found->second.wanted, false))
        return;
    --m_wanted;
    ++m_version;
    // An order under way is finished: it costs the CA as much either way, and the agent may come
    // back. A failure is remembered, so that coming and going does not shorten its wait.
    const Entry& entry = found->second;
    if (!entry.keys && !entry.order && !entry.retryAt)
        m_entries.erase(found);
}

bool Manager::wants(const std::string& id) const
{
    const auto found = m_entries.find(id);
    return found != m_entries.end() && found->second.wanted;
}

void Manager::makeRoom()
{
    const auto droppable = [](const auto& e) { return !e.second.wanted && !e.second.order; };
    auto victim = std::find_if(m_entries.begin(), m_entries.end(),
                               [&](const auto& e) { return droppable(e) && !e.second.keys; });
    if (victim == m_entries.end())
        victim = std::find_if(m_entries.begin(), m_entries.end(), droppable);
    if (victim == m_entries.end())
        return;
    if (victim->second.keys)
        m_events.push_back(CertificateDropped{victim->first});
    m_entries.erase(victim);
}

void Manager::presented(const PresentChallenge& present, Now now)
{
    m_client.presented(present.order, present.index, now);
    pump(now);
}

void Manager::presentFailed(const PresentChallenge& present, const std::string& reason, Now now)
{
    m_client.presentFailed(present.order, present.index, reason, now);
    pump(now);
}

void Manager::renewNow(const std::string& id, Now now)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || !found->second.wanted || found->second.order)
        return;
    found->second.renewAt = now.wall;
    found->second.retryAt.reset();
    pump(now);
}

// --- outputs ---

std::optional<Request> Manager::takeRequest(Now now)
{
    auto request = m_client.takeRequest(now);
    pump(now);
    return request;
}

std::optional<ManagerEvent> Manager::nextEvent()
{
    if (m_events.empty())
        return std::nullopt;
    ManagerEvent event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

std::optional<TimePoint> Manager::nextDeadline(Now now) const
{
    std::optional<TimePoint> next = m_client.nextDeadline();
    const auto atWall = [&](tls::SystemTime time) {
        const auto wait =
            std::clamp<tls::SystemTime::duration>(time - now.wall, seconds(0), WallCheck);
        return now.steady + duration_cast<Duration>(wait);
    };
    for (const auto& [id, entry] : m_entries) {
        if (!entry.wanted || entry.order)
            continue;
        if (m_running < m_config.concurrent) {
            if (entry.retryAt)
                next = earliest(next, entry.retryAt);
            else if (entry.keys)
                next = earliest(next, atWall(entry.renewAt));
        }
        if (entry.keys && !entry.renewalAsked && !entry.ariId.empty())
            next = earliest(next, entry.renewalPollAt);
    }
    return next;
}

CertificateStatus Manager::statusOf(const std::string& id, const Entry& entry, Now now) const
{
    CertificateStatus status;
    status.id = id;
    status.names = entry.names;
    const bool usable = entry.keys && entry.notAfter && *entry.notAfter > now.wall;
    status.state = usable          ? CertificateState::Ready
                   : entry.retryAt ? CertificateState::Failed
                                   : CertificateState::Pending;
    status.issuing = entry.order.has_value();
    status.since = entry.since;
    status.notAfter = entry.notAfter;
    status.error = entry.error;
    status.failures = entry.failures;
    if (entry.retryAt)
        status.next = now.wall + duration_cast<tls::SystemTime::duration>(
                                     std::max(*entry.retryAt - now.steady, Duration(0)));
    else if (usable && entry.wanted)
        status.next = entry.renewAt;
    return status;
}

std::vector<CertificateStatus> Manager::statuses(Now now) const
{
    std::vector<CertificateStatus> all;
    all.reserve(m_entries.size());
    for (const auto& [id, entry] : m_entries)
        all.push_back(statusOf(id, entry, now));
    return all;
}

} // namespace sallyport::acme
