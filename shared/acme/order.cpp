// The commands and phases of an order; order_answers.cpp reads what the CA says.
#include "order.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sallyport::acme {

Order::Order(OrderId id, OrderRequest request, const ClientConfig& config, Session& session,
             std::deque<Event>& events, Now now)
    : m_id(id),
      m_request(std::move(request)),
      m_config(config),
      m_session(session),
      m_events(events),
      m_deadline(now.steady + config.orderTime),
      m_url(m_request.url)
{
    if (m_url.empty())
        place();
    else
        ask(Looked, m_url, {});
}

void Order::restart()
{
    for (size_t i = 0; i < m_authorizations.size(); ++i)
        cleanUp(m_authorizations[i], i);
    m_session.drop(m_id);
    m_authorizations.clear();
    m_request.url.clear();
    m_url.clear();
    place();
}

void Order::place()
{
    nlohmann::json payload;
    for (const std::string& name : m_request.names)
        payload["identifiers"].push_back({{"type", "dns"}, {"value", name}});
    if (!m_request.replaces.empty())
        payload["replaces"] = m_request.replaces;
    m_phase = Phase::Placing;
    Ask ask;
    ask.purpose = {m_id, Placed, 0};
    ask.target = Endpoint::NewOrder;
    ask.payload = payload.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    m_session.ask(std::move(ask));
}

void Order::ask(Step step, std::string url, std::string payload, size_t index,
                std::optional<TimePoint> notBefore)
{
    Ask ask;
    ask.purpose = {m_id, step, index};
    ask.target = std::move(url);
    ask.payload = std::move(payload);
    ask.notBefore = notBefore;
    m_session.ask(std::move(ask));
}

// The CA says when to look again, or each wait is half as long again as the one before.
Duration Order::pollWait(int polls, const Response& response, Now now) const
{
    if (const auto wanted = response.retryAfter(now.wall))
        return std::clamp<Duration>(*wanted, m_config.firstPoll, m_config.orderTime);
    Duration wait = m_config.firstPoll;
    for (int i = 0; i < polls && wait < m_config.longestPoll; ++i)
        wait += wait / 2;
    return std::min(wait, m_config.longestPoll);
}

void Order::look(Now now, const Response* previous)
{
    const Duration wait = previous ? pollWait(m_polls++, *previous, now) : Duration(0);
    ask(Looked, m_url, {}, 0, wait.count() > 0 ? std::optional(now.steady + wait) : std::nullopt);
}

void Order::presented(size_t index, Now)
{
    if (ended() || index >= m_authorizations.size())
        return;
    Authorization& authorization = m_authorizations[index];
    if (!authorization.challenge || authorization.told)
        return;
    authorization.told = true;
    ask(ChallengeTold, authorization.challengeUrl, "{}", index);
}

void Order::presentFailed(size_t index, const std::string& reason)
{
    if (ended() || index >= m_authorizations.size())
        return;
    fail({"challenge", cleanText(reason, 500), 0});
}

void Order::handleTimeout(Now now)
{
    if (ended() || now.steady < m_deadline)
        return;
    static constexpr const char* Doing[] = {"taking the order", "checking the challenges",
                                            "issuing the certificate", "handing it out"};
    fail({"timeout",
          std::string("the CA did not finish in time; it was still ") + Doing[size_t(m_phase)], 0});
}

void Order::cancel()
{
    for (size_t i = 0; i < m_authorizations.size(); ++i)
        cleanUp(m_authorizations[i], i);
    m_session.drop(m_id);
    m_phase = Phase::Failed;
}

void Order::fail(Problem problem)
{
    if (ended())
        return;
    cancel();
    m_events.push_back(OrderFailed{m_id, std::move(problem)});
}

void Order::cleanUp(Authorization& authorization, size_t index)
{
    if (authorization.challenge)
        m_events.push_back(CleanUp{m_id, index, *authorization.challenge});
    authorization.challenge.reset();
}

void Order::finalize(const OrderDocument& document)
{
    auto request = makeRequest(m_request.keyPem, m_request.names);
    if (!request)
        return fail({"internal", request.error(), 0});
    m_phase = Phase::Finalizing;
    ask(Finalized, document.finalize, R"({"csr":")" + *request + "\"}");
}

} // namespace sallyport::acme
