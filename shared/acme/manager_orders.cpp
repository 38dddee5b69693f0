// Orders and renewals of the wanted certificates.
#include <sallyport/acme/manager.h>
#include <sallyport/acme/renewal.h>
#include <sallyport/base/overloaded.h>

#include <algorithm>

namespace sallyport::acme {

using namespace std::chrono;

namespace {
constexpr auto ShortestRenewalPoll = minutes(1);
constexpr auto LongestRenewalPoll = hours(24);
} // namespace

void Manager::pump(Now now)
{
    while (auto event = m_client.nextEvent())
        take(std::move(*event), now);
    startDue(now);
    askRenewals(now);
}

bool Manager::isDue(const Entry& entry, Now now) const
{
    if (!entry.wanted || entry.order)
        return false;
    if (entry.retryAt)
        return *entry.retryAt <= now.steady;
    return !entry.keys || entry.renewAt <= now.wall;
}

void Manager::startDue(Now now)
{
    // Whoever has nothing yet comes before whoever has something old.
    for (const bool have : {false, true}) {
        for (auto& [id, entry] : m_entries) {
            if (m_running >= m_config.concurrent)
                return;
            if (entry.keys.has_value() == have && isDue(entry, now))
                start(id, entry, now);
        }
    }
}

void Manager::start(const std::string& id, Entry& entry, Now now)
{
    OrderRequest request;
    request.names = entry.names;
    request.challenges = m_config.challenges;
    request.attempt = entry.failures;
    if (auto unfinished = std::exchange(entry.unfinished, std::nullopt)) {
        request.url = unfinished->url;
        request.keyPem = unfinished->keyPem;
    } else {
        auto key = makeKey(m_config.keyType);
        if (!key)
            return failed(id, entry, {"internal", key.error(), 0}, now);
        request.keyPem = *key;
    }
    // Only for a certificate that is near its end: a CA refuses it for others.
    if (entry.keys)
        request.replaces = entry.ariId;
    entry.orderKey = request.keyPem;
    entry.order = m_client.order(std::move(request), now);
    ++m_running;
    ++m_version;
}

Manager::Entries::iterator Manager::ofOrder(OrderId order)
{
    return std::find_if(m_entries.begin(), m_entries.end(),
                        [&](const auto& entry) { return entry.second.order == order; });
}

void Manager::take(Event event, Now now)
{
    std::visit(
        Overloaded{
            [&](AccountReady& e) { m_events.push_back(std::move(e)); },
            [&](Present& e) {
                m_events.push_back(PresentChallenge{e.order, e.index, std::move(e.challenge)});
            },
            [&](CleanUp& e) { m_events.push_back(CleanUpChallenge{std::move(e.challenge)}); },
            [&](RenewalInfo& e) { takeRenewal(e, now); },
            [&](OrderPlaced& e) {
                if (const auto at = ofOrder(e.order); at != m_entries.end())
                    m_events.push_back(StoreOrder{at->first, {e.url, at->second.orderKey}});
            },
            [&](Issued& e) {
                const auto at = ofOrder(e.order);
                if (at == m_entries.end())
                    return;
                Entry& entry = at->second;
                entry.order.reset();
                --m_running;
                tls::KeyPair keys{std::move(e.chainPem), std::string(entry.orderKey.reveal())};
                entry.orderKey = {};
                install(at->first, entry, std::move(keys), true, now);
                m_events.push_back(ForgetOrder{at->first});
            },
            [&](OrderFailed& e) {
                const auto at = ofOrder(e.order);
                if (at == m_entries.end())
                    return;
                at->second.order.reset();
                at->second.orderKey = {};
                --m_running;
                failed(at->first, at->second, e.problem, now);
            },
        },
        event);
}

void Manager::install(const std::string& id, Entry& entry, tls::KeyPair keys, bool fresh, Now now)
{
    const auto leaf = tls::Certificate::fromPem(keys.chainPem);
    if (!leaf)
        return;
    const bool renewed = entry.keys.has_value();
    const tls::SystemTime notBefore = leaf.value().notBefore, notAfter = leaf.value().notAfter;
    entry.notAfter = notAfter;
    entry.renewAt = renewAt(notBefore, notAfter, m_random());
    if (fresh) { // whatever the clocks say
        const auto third = (notAfter - notBefore) / 3;
        entry.renewAt = std::max(entry.renewAt, now.wall + third);
        entry.earliestRenewal = now.wall + std::min<tls::SystemTime::duration>(third, hours(24));
    }
    entry.ariId = certificateId(keys.chainPem).value_or("");
    entry.renewalPollAt = now.steady + ShortestRenewalPoll;
    entry.renewalAsked = false;
    entry.keys = keys;
    entry.retryAt.reset();
    entry.backoff.reset();
    entry.failures = 0;
    entry.error.clear();
    ++m_version;
    m_events.push_back(
        CertificateReady{id, entry.names, std::move(keys), fresh, renewed, notAfter});
}

void Manager::failed(const std::string& id, Entry& entry, const Problem& problem, Now now)
{
    Duration wait = entry.backoff.next(m_random());
    if (problem.permanent())
        wait = m_config.longestRetry;
    if (problem.retryAfter)
        wait = std::max(wait, *problem.retryAfter);
    entry.retryAt = now.steady + wait;
    entry.error = problem.text();
    ++entry.failures;
    ++m_version;
    m_events.push_back(ForgetOrder{id});
    m_events.push_back(CertificateFailed{id, entry.names, problem, wait});
}

// --- renewal information (RFC 9773) ---

void Manager::askRenewals(Now now)
{
    for (auto& [id, entry] : m_entries) {
        if (!entry.wanted || !entry.keys || entry.order || entry.ariId.empty() ||
            entry.renewalAsked || entry.renewalPollAt > now.steady)
            continue;
        entry.renewalAsked = true;
        m_client.askRenewalInfo(entry.tag, entry.ariId);
    }
}

void Manager::takeRenewal(const RenewalInfo& info, Now now)
{
    const auto at = std::find_if(m_entries.begin(), m_entries.end(),
                                 [&](const auto& e) { return e.second.tag == info.tag; });
    if (at == m_entries.end())
        return;
    Entry& entry = at->second;
    entry.renewalAsked = false;
    entry.renewalPollAt =
        now.steady + std::clamp<Duration>(info.retryAfter.value_or(m_config.renewalPoll),
                                          ShortestRenewalPoll, LongestRenewalPoll);
    if (!info.window || !entry.keys)
        return;
    // A time picked before that still lies in the window stays: to pick again would favour early.
    if (entry.renewAt >= info.window->start && entry.renewAt <= info.window->end)
        return;
    const tls::SystemTime wanted = std::max(
        pickWithin(info.window->start, info.window->end, m_random()), entry.earliestRenewal);
    if (wanted == entry.renewAt)
        return;
    entry.renewAt = wanted;
    ++m_version;
}

} // namespace sallyport::acme
