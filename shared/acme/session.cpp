#include "session.h"

#include "answers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace sallyport::acme {

Session::Session(std::string directoryUrl, AccountKey key, Limits limits)
    : m_directoryUrl(std::move(directoryUrl)), m_key(std::move(key)), m_limits(limits)
{}

// --- commands ---

void Session::ask(Ask ask)
{
    m_waiting.push_back({std::move(ask)});
}

void Session::drop(uint64_t owner)
{
    std::erase_if(m_waiting, [&](const Pending& p) { return p.ask.purpose.owner == owner; });
    std::erase_if(m_answers, [&](const Answer& a) { return a.purpose.owner == owner; });
    for (auto& [id, flight] : m_inFlight)
        if (auto* pending = std::get_if<Pending>(&flight))
            if (pending->ask.purpose.owner == owner)
                pending->dropped = true;
}

// --- outputs ---

bool Session::wantsDirectory(Now now) const
{
    return !m_directory || now.steady >= m_directoryEnds;
}

bool Session::isReady(const Pending& pending) const
{
    if (pending.ask.notBefore)
        return false;
    return pending.ask.plain || pending.ask.newKey || !m_account.empty();
}

// What may go now has no time any more, so that nextDeadline() only knows times to come.
void Session::forgetPastWaits(Now now)
{
    for (Pending& pending : m_waiting)
        if (pending.ask.notBefore && *pending.ask.notBefore <= now.steady)
            pending.ask.notBefore.reset();
    if (m_groundworkFrom && *m_groundworkFrom <= now.steady)
        m_groundworkFrom.reset();
}

std::optional<Request> Session::takeRequest(Now now)
{
    forgetPastWaits(now);
    if (m_inFlight.size() >= m_limits.inFlight)
        return std::nullopt;
    const auto next = std::find_if(m_waiting.begin(), m_waiting.end(),
                                   [&](const Pending& p) { return isReady(p); });
    if (next == m_waiting.end())
        return std::nullopt;
    if (wantsDirectory(now)) {
        if (m_groundworkFrom || std::exchange(m_directoryAsked, true))
            return std::nullopt;
        return send(DirectoryFetch{}, Method::Get, m_directoryUrl);
    }
    if (!next->ask.plain && m_nonces.empty()) {
        if (m_groundworkFrom || std::exchange(m_nonceAsked, true))
            return std::nullopt;
        return send(NonceFetch{}, Method::Head, m_directory->newNonce);
    }
    Pending pending = std::move(*next);
    m_waiting.erase(next);
    std::string url = urlOf(pending.ask);
    if (url.empty()) {
        finish(pending.ask, {}, Problem{"unsupported", "the CA does not offer this", 0});
        return takeRequest(now);
    }
    if (pending.ask.plain)
        return send(std::move(pending), Method::Get, std::move(url));
    auto body = sign(pending.ask, url);
    if (!body) {
        finish(pending.ask, {}, body.error());
        return takeRequest(now);
    }
    return send(std::move(pending), Method::Post, std::move(url), std::move(*body));
}

std::string Session::urlOf(const Ask& ask) const
{
    if (const auto* url = std::get_if<std::string>(&ask.target))
        return *url;
    switch (std::get<Endpoint>(ask.target)) {
    case Endpoint::NewAccount:
        return m_directory->newAccount;
    case Endpoint::NewOrder:
        return m_directory->newOrder;
    case Endpoint::RenewalInfo:
        break;
    }
    std::string url = m_directory->renewalInfo;
    if (!url.empty() && !url.ends_with('/'))
        url += '/';
    return url.empty() ? url : url + ask.suffix;
}

Request Session::send(Flight flight, Method method, std::string url, std::string body)
{
    const uint64_t id = m_nextId++;
    m_inFlight.emplace(id, std::move(flight));
    return {id, method, std::move(url), std::move(body)};
}

// RFC 8555 section 6.2.
Result<std::string, Problem> Session::sign(const Ask& ask, const std::string& url)
{
    Result<std::string, std::string> payload(ask.payload);
    if (ask.late)
        payload = ask.late(*m_directory);
    if (!payload)
        return Failure(Problem{"externalAccountRequired", payload.error(), 0});
    nlohmann::json header = {{"alg", "ES256"}, {"nonce", m_nonces.back()}, {"url", url}};
    m_nonces.pop_back();
    if (ask.newKey)
        header["jwk"] = nlohmann::json::parse(m_key.jwk());
    else
        header["kid"] = m_account;
    std::string jws =
        m_key.sign(header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), *payload);
    if (jws.empty())
        return Failure(Problem{"internal", "OpenSSL could not sign a request", 0});
    return jws;
}

std::optional<Answer> Session::nextAnswer()
{
    if (m_answers.empty())
        return std::nullopt;
    Answer answer = std::move(m_answers.front());
    m_answers.pop_front();
    return answer;
}

std::optional<TimePoint> Session::nextDeadline() const
{
    std::optional<TimePoint> next;
    for (const Pending& pending : m_waiting)
        next = earliest(next, pending.ask.notBefore);
    return m_waiting.empty() ? next : earliest(next, m_groundworkFrom);
}

// --- inputs ---

void Session::keepNonce(const Response& response)
{
    const std::string_view nonce = response.header("replay-nonce");
    const bool fits = !nonce.empty() && nonce.size() <= 512 &&
                      std::all_of(nonce.begin(), nonce.end(),
                                  [](char c) { return c > ' ' && c < 0x7f && c != '"'; });
    if (!fits)
        return;
    if (m_nonces.size() >= m_limits.nonces)
        m_nonces.erase(m_nonces.begin());
    m_nonces.emplace_back(nonce);
}

void Session::receive(uint64_t id, const Response& response, Now now)
{
    const auto found = m_inFlight.find(id);
    if (found == m_inFlight.end())
        return;
    Flight flight = std::move(found->second);
    m_inFlight.erase(found);
    keepNonce(response);
    if (std::holds_alternative<DirectoryFetch>(flight)) {
        m_directoryAsked = false;
        takeDirectory(response, now);
    } else if (std::holds_alternative<NonceFetch>(flight)) {
        m_nonceAsked = false;
        if (!m_nonces.empty())
            m_groundworkTries = 0;
        else if (response.succeeded())
            groundworkFailed({"garbage", "the CA gave no nonce", response.status}, now);
        else
            groundworkFailed(problemOf(response, now.wall), now);
    } else {
        takeAnswer(std::get<Pending>(std::move(flight)), response, now);
    }
}

void Session::failed(uint64_t id, const std::string& reason, Now now)
{
    const auto found = m_inFlight.find(id);
    if (found == m_inFlight.end())
        return;
    Flight flight = std::move(found->second);
    m_inFlight.erase(found);
    Problem problem{"unreachable", cleanText(reason, 300), 0};
    if (auto* pending = std::get_if<Pending>(&flight))
        return again(std::move(*pending), std::move(problem), now);
    if (std::holds_alternative<DirectoryFetch>(flight))
        m_directoryAsked = false;
    else
        m_nonceAsked = false;
    groundworkFailed(std::move(problem), now);
}

void Session::takeDirectory(const Response& response, Now now)
{
    if (!response.succeeded())
        return groundworkFailed(problemOf(response, now.wall), now);
    auto directory = Directory::parse(response.body);
    if (!directory)
        return groundworkFailed({"garbage", directory.error(), response.status}, now);
    m_directory = std::move(*directory);
    m_directoryEnds = now.steady + m_limits.directoryLifetime;
    m_groundworkTries = 0;
    m_groundworkFrom.reset();
}

void Session::takeAnswer(Pending pending, const Response& response, Now now)
{
    if (pending.dropped)
        return;
    if (response.succeeded())
        return finish(pending.ask, response, std::nullopt);
    Problem problem = problemOf(response, now.wall);
    if (problem.is("badNonce") && ++pending.nonceTries < m_limits.nonceTries) {
        // The older ones will be refused as well; the refusal itself brought a fresh one.
        if (m_nonces.size() > 1)
            m_nonces.erase(m_nonces.begin(), m_nonces.end() - 1);
        m_waiting.push_front(std::move(pending));
        return;
    }
    if (response.status >= 500 && !problem.is("rateLimited"))
        return again(std::move(pending), std::move(problem), now);
    finish(pending.ask, {}, std::move(problem));
}

void Session::again(Pending pending, Problem problem, Now now)
{
    if (pending.dropped)
        return;
    const Duration wait =
        problem.retryAfter.value_or(m_limits.firstWait * (1 << std::min(pending.tries, 10)));
    if (++pending.tries >= m_limits.tries || wait > m_limits.longestWait)
        return finish(pending.ask, {}, std::move(problem));
    pending.ask.notBefore = now.steady + wait;
    m_waiting.push_back(std::move(pending));
}

// Without directory or nonce nothing can be asked: all that wait fail together.
void Session::groundworkFailed(Problem problem, Now now)
{
    const Duration wait =
        problem.retryAfter.value_or(m_limits.firstWait * (1 << std::min(m_groundworkTries, 10)));
    if (++m_groundworkTries < m_limits.tries && wait <= m_limits.longestWait) {
        m_groundworkFrom = now.steady + wait;
        return;
    }
    m_groundworkTries = 0;
    m_groundworkFrom.reset();
    for (Pending& pending : std::exchange(m_waiting, {}))
        finish(pending.ask, {}, problem);
}

void Session::finish(const Ask& ask, Response response, std::optional<Problem> problem)
{
    m_answers.push_back({ask.purpose, std::move(response), std::move(problem)});
}

} // namespace sallyport::acme
