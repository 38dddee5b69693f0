// One order, from newOrder to the certificate (RFC 8555 section 7.4). Private to this library.
//
//     placing -> authorizing -> finalizing -> downloading -> done
//        \______________\____________\____________\-> failed
//
// Whatever the CA says about the order leads to the phase that fits it, so that an order of an
// earlier run goes on where it stands.
#pragma once

#include "answers.h"
#include "session.h"

#include <sallyport/acme/client.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::acme {

class Order
{
public:
    Order(OrderId id, OrderRequest request, const ClientConfig& config, Session& session,
          std::deque<Event>& events, Now now);

    void receive(const Answer& answer, Now now);
    void presented(size_t index, Now now);
    void presentFailed(size_t index, const std::string& reason);
    void handleTimeout(Now now);
    // Takes back what was published; no more events but these.
    void cancel();
    void fail(Problem problem);
    // From the beginning, because the account is another.
    void restart();

    bool ended() const { return m_phase == Phase::Done || m_phase == Phase::Failed; }
    TimePoint deadline() const { return m_deadline; }

private:
    enum class Phase { Placing, Authorizing, Finalizing, Downloading, Done, Failed };
    enum Step { Placed, Looked, AuthorizationRead, ChallengeTold, Finalized, Downloaded };
    struct Authorization
    {
        std::string url;
        bool valid = false;
        std::optional<Challenge> challenge = {}; // from the time it is published on
        std::string challengeUrl = {};
        bool told = false; // the CA was told to look
        int polls = 0;
    };

    void place();
    void look(Now now, const Response* previous);
    void placeFailed(const Problem& problem);
    void takeOrder(const Response& response, Now now);
    void authorize(const OrderDocument& document);
    void takeAuthorization(size_t index, const Response& response, Now now);
    void choose(size_t index, const AuthorizationDocument& document);
    void readAuthorizationLater(size_t index, const Response& response, Now now);
    void challengeTold(size_t index, const Response& response, Now now);
    void finalize(const OrderDocument& document);
    void takeCertificate(const Response& response);
    void ask(Step step, std::string url, std::string payload, size_t index = 0,
             std::optional<TimePoint> notBefore = {});
    Duration pollWait(int polls, const Response& response, Now now) const;
    void cleanUp(Authorization& authorization, size_t index);

    OrderId m_id;
    OrderRequest m_request;
    const ClientConfig& m_config;
    Session& m_session;
    std::deque<Event>& m_events;
    TimePoint m_deadline;
    Phase m_phase = Phase::Placing;
    std::string m_url;
    std::vector<Authorization> m_authorizations;
    int m_polls = 0;
};

} // namespace sallyport::acme
