#include "order.h"
#include "session.h"

#include <sallyport/acme/client.h>

#include <nlohmann/json.hpp>

namespace sallyport::acme {

namespace {
// Steps of the account's own requests.
enum Step { Registered, RenewalRead };

Session::Limits sessionLimits(const ClientConfig& config)
{
    Session::Limits limits;
    limits.firstWait = config.firstRetry;
    return limits;
}

// RFC 8555 section 7.3. Whoever configures a CA has agreed to its terms (docs/operating.md).
Result<std::string, std::string> accountPayload(const ClientConfig& config,
                                                const Directory& directory, const AccountKey& key)
{
    nlohmann::json payload = {{"termsOfServiceAgreed", true}};
    if (!config.email.empty())
        payload["contact"] = {"mailto:" + config.email};
    if (config.externalAccount) {
        auto binding = bindExternalAccount(*config.externalAccount, directory.newAccount, key);
        if (!binding)
            return Failure(binding.error());
        payload["externalAccountBinding"] = nlohmann::json::parse(*binding);
    } else if (directory.externalAccountRequired) {
        return Failure(std::string("this CA takes only accounts that it knows beforehand: set "
                                   "the external account's key id and MAC key (eab)"));
    }
    return payload.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
} // namespace

Client::Client(ClientConfig config, AccountKey key)
    : m_config(std::move(config)),
      m_session(
          std::make_unique<Session>(m_config.directoryUrl, std::move(key), sessionLimits(m_config)))
{
    m_session->setAccount(m_config.accountUrl);
}

Client::~Client() = default;

// --- inputs ---

void Client::receive(uint64_t requestId, const Response& response, Now now)
{
    m_session->receive(requestId, response, now);
    pump(now);
}

void Client::requestFailed(uint64_t requestId, const std::string& reason, Now now)
{
    m_session->failed(requestId, reason, now);
    pump(now);
}

void Client::handleTimeout(Now now)
{
    for (auto& [id, order] : m_orders)
        order->handleTimeout(now);
    settle();
}

// --- commands ---

OrderId Client::order(OrderRequest request, Now now)
{
    const OrderId id = m_nextOrder++;
    wantAccount();
    m_orders.emplace(
        id, std::make_unique<Order>(id, std::move(request), m_config, *m_session, m_events, now));
    return id;
}

void Client::presented(OrderId order, size_t index, Now now)
{
    if (const auto found = m_orders.find(order); found != m_orders.end())
        found->second->presented(index, now);
}

void Client::presentFailed(OrderId order, size_t index, const std::string& reason, Now)
{
    if (const auto found = m_orders.find(order); found != m_orders.end())
        found->second->presentFailed(index, reason);
    settle();
}

void Client::cancel(OrderId order)
{
    if (const auto found = m_orders.find(order); found != m_orders.end())
        found->second->cancel();
    settle();
}

void Client::askRenewalInfo(uint64_t tag, const std::string& certificateId)
{
    Ask ask;
    ask.purpose = {0, RenewalRead, size_t(tag)};
    ask.target = Endpoint::RenewalInfo;
    ask.suffix = certificateId;
    ask.plain = true;
    m_session->ask(std::move(ask));
}

// --- the account ---

void Client::wantAccount()
{
    if (!m_session->account().empty() || std::exchange(m_accountAsked, true))
        return;
    Ask ask;
    ask.purpose = {0, Registered, 0};
    ask.target = Endpoint::NewAccount;
    ask.newKey = true;
    ask.late = [this](const Directory& directory) {
        return accountPayload(m_config, directory, m_session->key());
    };
    m_session->ask(std::move(ask));
}

void Client::takeAccount(const Answer& answer, Now)
{
    m_accountAsked = false;
    if (answer.problem) {
        Problem problem = *answer.problem;
        problem.detail = "account: " + problem.detail;
        return failAll(problem);
    }
    const std::string url(answer.response.header("location"));
    if (!isUrl(url))
        return failAll({"garbage", "the CA gave the account no URL", answer.response.status});
    m_session->setAccount(url);
    m_events.push_back(AccountReady{url});
}

void Client::failAll(const Problem& problem)
{
    for (auto& [id, order] : m_orders)
        order->fail(problem);
}

// --- answers ---

void Client::pump(Now now)
{
    while (const auto answer = m_session->nextAnswer())
        takeAnswer(*answer, now);
    settle();
}

void Client::takeAnswer(const Answer& answer, Now now)
{
    if (answer.purpose.owner == 0)
        return answer.purpose.step == Registered ? takeAccount(answer, now)
                                                 : takeRenewal(answer, now);
    const auto found = m_orders.find(answer.purpose.owner);
    if (found == m_orders.end())
        return;
    // The CA forgot the account, or it was another CA's: made anew, once.
    if (answer.problem && answer.problem->is("accountDoesNotExist") && !m_accountRenewed) {
        m_accountRenewed = true;
        m_session->setAccount({});
        wantAccount();
        return found->second->restart();
    }
    found->second->receive(answer, now);
}

void Client::takeRenewal(const Answer& answer, Now now)
{
    RenewalInfo info{answer.purpose.index, {}, {}};
    if (answer.problem) {
        info.retryAfter = answer.problem->retryAfter;
    } else {
        info.retryAfter = answer.response.retryAfter(now.wall);
        if (auto document = readRenewal(answer.response.body))
            info.window = RenewalInfo::Window{document->start, document->end};
    }
    m_events.push_back(info);
}

void Client::settle()
{
    std::erase_if(m_orders, [](const auto& entry) { return entry.second->ended(); });
}

// --- outputs ---

std::optional<Request> Client::takeRequest(Now now)
{
    auto request = m_session->takeRequest(now);
    pump(now);
    return request;
}

std::optional<Event> Client::nextEvent()
{
    if (m_events.empty())
        return std::nullopt;
    Event event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

std::optional<TimePoint> Client::nextDeadline() const
{
    std::optional<TimePoint> next = m_session->nextDeadline();
    for (const auto& [id, order] : m_orders)
        next = earliest(next, order->deadline());
    return next;
}

} // namespace sallyport::acme
