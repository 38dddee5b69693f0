// An ACME client (RFC 8555) without a socket, a clock or a file: it says what is to be sent and
// what is to be published, and is told what came of it.
//
//     client.order({...}, now);
//     for (;;) {
//         while (auto request = client.takeRequest(now)) send(*request);   // any number at once
//         while (auto event = client.nextEvent()) act(*event);
//         wait for an answer                 -> client.receive(id, response, now)
//              or that there is none         -> client.requestFailed(id, reason, now)
//              or until client.nextDeadline() -> client.handleTimeout(now)
//     }
//
// The account is made, or found by its key, when the first order needs it. Orders run side by side;
// each ends with Issued or OrderFailed, once, unless it is cancelled. A Present event is answered
// by presented() or presentFailed(); every Present is followed by a CleanUp, whatever happens.
//
// Limits: requests in flight, tries of each, polls and the time of an order, the size of what a CA
// may say. A badNonce is tried again by itself.
//
// Threads: one.
#pragma once

#include <sallyport/acme/account_key.h>
#include <sallyport/acme/certificate_request.h>
#include <sallyport/acme/challenge.h>
#include <sallyport/acme/exchange.h>
#include <sallyport/acme/problem.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sallyport::acme {

class Order;
class Session;
struct Answer;
struct Ask;

using OrderId = uint64_t;

struct ClientConfig
{
    std::string directoryUrl;
    std::string email; // may be empty
    std::optional<ExternalAccount> externalAccount;
    std::string accountUrl; // of an earlier run with the same key; empty: ask the CA

    // An order that is not done by then has failed.
    Duration orderTime = std::chrono::minutes(10);
    // Between two looks at something that the CA is busy with, unless it says when.
    Duration firstPoll = std::chrono::milliseconds(500);
    Duration longestPoll = std::chrono::seconds(10);
    Duration firstRetry = std::chrono::seconds(1);
};

struct OrderRequest
{
    std::vector<std::string> names; // at least one; "*." for wildcards
    // How names may be proven, in order of preference. Wildcards take dns-01 alone.
    std::vector<ChallengeType> challenges;
    // Skips as many of what is offered: another try should try another way.
    unsigned attempt = 0;
    Secret keyPem;
    std::string url;      // of an order of an earlier run, to go on with; its key must be the same
    std::string replaces; // the certificate that this one renews (RFC 9773 section 5)
};

// --- events ---
// An account that was made or found: to be stored with the key.
struct AccountReady
{
    std::string url;
};
// To be stored with the key, so that the order can be gone on with after a restart.
struct OrderPlaced
{
    OrderId order;
    std::string url;
};
struct Present
{
    OrderId order;
    size_t index; // of the authorization
    Challenge challenge;
};
struct CleanUp
{
    OrderId order;
    size_t index;
    Challenge challenge;
};
struct Issued
{
    OrderId order;
    std::string chainPem;
};
struct OrderFailed
{
    OrderId order;
    Problem problem;
};
// The answer to askRenewalInfo(). Without a window the CA offers none or did not answer.
struct RenewalInfo
{
    uint64_t tag;
    struct Window
    {
        tls::SystemTime start;
        tls::SystemTime end;
    };
    std::optional<Window> window;
    std::optional<Duration> retryAfter;
};
using Event =
    std::variant<AccountReady, OrderPlaced, Present, CleanUp, Issued, OrderFailed, RenewalInfo>;

class Client
{
public:
    Client(ClientConfig config, AccountKey key);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // --- inputs ---
    void receive(uint64_t requestId, const Response& response, Now now);
    void requestFailed(uint64_t requestId, const std::string& reason, Now now);
    void handleTimeout(Now now);

    // --- commands ---
    OrderId order(OrderRequest request, Now now);
    void presented(OrderId order, size_t index, Now now);
    void presentFailed(OrderId order, size_t index, const std::string& reason, Now now);
    // Ends it without an event but CleanUp.
    void cancel(OrderId order);
    // `certificateId`: see renewal.h. Answered by RenewalInfo with the tag.
    void askRenewalInfo(uint64_t tag, const std::string& certificateId);

    // --- outputs ---
    std::optional<Request> takeRequest(Now now);
    std::optional<Event> nextEvent();
    std::optional<TimePoint> nextDeadline() const;

    size_t orderCount() const { return m_orders.size(); }

private:
    void pump(Now now);
    void takeAnswer(const Answer& answer, Now now);
    void takeAccount(const Answer& answer, Now now);
    void takeRenewal(const Answer& answer, Now now);
    void wantAccount();
    void failAll(const Problem& problem);
    void settle();

    ClientConfig m_config;
    std::unique_ptr<Session> m_session;
    std::map<OrderId, std::unique_ptr<Order>> m_orders;
    std::deque<Event> m_events;
    OrderId m_nextOrder = 1;
    bool m_accountAsked = false;
    bool m_accountRenewed = false; // a known account that the CA did not know was asked for again
};

} // namespace sallyport::acme
