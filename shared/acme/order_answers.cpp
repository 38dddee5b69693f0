// What the CA says about an order, and what follows from it.
#include "order.h"

#include <sallyport/tls/certificate.h>

#include <algorithm>

namespace sallyport::acme {

void Order::receive(const Answer& answer, Now now)
{
    if (ended())
        return;
    const auto step = Step(answer.purpose.step);
    if (answer.problem) {
        if (step == Placed || (step == Looked && m_phase == Phase::Placing))
            return placeFailed(*answer.problem);
        // "orderNotReady": the CA has not noted all challenges yet. Looked at again.
        if (step == Finalized && answer.problem->is("orderNotReady")) {
            m_phase = Phase::Authorizing;
            return look(now, &answer.response);
        }
        return fail(*answer.problem);
    }
    const size_t index = answer.purpose.index;
    switch (step) {
    case Placed: {
        const std::string url(answer.response.header("location"));
        if (!isUrl(url))
            return fail({"garbage", "the CA gave the order no URL", answer.response.status});
        m_url = url;
        m_events.push_back(OrderPlaced{m_id, m_url});
        return takeOrder(answer.response, now);
    }
    case Looked:
    case Finalized:
        return takeOrder(answer.response, now);
    case AuthorizationRead:
        return takeAuthorization(index, answer.response, now);
    case ChallengeTold:
        return challengeTold(index, answer.response, now);
    case Downloaded:
        return takeCertificate(answer.response);
    }
}

// An order of an earlier run may be gone, and a CA may not want to hear which certificate is
// replaced: a fresh, plain order is tried then.
void Order::placeFailed(const Problem& problem)
{
    if (!m_request.url.empty() && problem.status >= 400 && problem.status < 500 &&
        problem.status != 429) {
        return restart();
    }
    if (!m_request.replaces.empty() && (problem.is("alreadyReplaced") || problem.is("malformed"))) {
        m_request.replaces.clear();
        return place();
    }
    fail(problem);
}

void Order::takeOrder(const Response& response, Now now)
{
    auto document = readOrder(response.body);
    if (!document)
        return fail({"garbage", document.error(), response.status});
    using Status = OrderDocument::Status;
    switch (document->status) {
    case Status::Pending:
        return m_authorizations.empty() ? authorize(*document) : look(now, &response);
    case Status::Ready:
        // Asked once; an order that stays ready afterwards is looked at until its time is over.
        return m_phase == Phase::Finalizing ? look(now, &response) : finalize(*document);
    case Status::Processing:
        m_phase = Phase::Finalizing;
        return look(now, &response);
    case Status::Valid:
        m_phase = Phase::Downloading;
        return ask(Downloaded, document->certificate, {});
    case Status::Invalid:
        break;
    }
    if (!m_request.url.empty()) // of an earlier run
        return restart();
    Problem problem =
        document->error.value_or(Problem{"orderInvalid", "the CA gave up on the order", 0});
    problem.status = response.status;
    fail(std::move(problem));
}

void Order::authorize(const OrderDocument& document)
{
    if (document.authorizations.empty())
        return fail({"garbage", "the CA's order waits for no authorization", 0});
    m_phase = Phase::Authorizing;
    for (const std::string& url : document.authorizations) {
        m_authorizations.push_back({url});
        ask(AuthorizationRead, url, {}, m_authorizations.size() - 1);
    }
}

void Order::takeAuthorization(size_t index, const Response& response, Now now)
{
    auto document = readAuthorization(response.body);
    if (!document)
        return fail({"garbage", document.error(), response.status});
    Authorization& authorization = m_authorizations[index];
    using Status = AuthorizationDocument::Status;
    switch (document->status) {
    case Status::Pending:
        if (!authorization.challenge)
            return choose(index, *document);
        return readAuthorizationLater(index, response, now);
    case Status::Valid: {
        authorization.valid = true;
        cleanUp(authorization, index);
        const bool all = std::all_of(m_authorizations.begin(), m_authorizations.end(),
                                     [](const Authorization& a) { return a.valid; });
        if (all)
            look(now, nullptr);
        return;
    }
    case Status::Invalid:
        break;
    }
    for (const auto& offer : document->offers)
        if (offer.error) {
            Problem problem = *offer.error;
            problem.detail =
                document->name + ", " + std::string(toText(offer.type)) + ": " + problem.detail;
            return fail(std::move(problem));
        }
    fail({"authorizationInvalid", "the CA does not accept the proof for " + document->name, 0});
}

void Order::choose(size_t index, const AuthorizationDocument& document)
{
    std::vector<const AuthorizationDocument::Offer*> usable;
    for (const ChallengeType wanted : m_request.challenges)
        for (const auto& offer : document.offers)
            if (offer.type == wanted && (!document.wildcard || offer.type == ChallengeType::Dns01))
                usable.push_back(&offer);
    if (usable.empty())
        return fail({"challenge",
                     document.wildcard
                         ? "a wildcard can only be proven by dns-01, and no DNS provider is set"
                         : "the CA offers no kind of challenge that is switched on here",
                     0});
    const auto& offer = *usable[m_request.attempt % usable.size()];
    Authorization& authorization = m_authorizations[index];
    authorization.challengeUrl = offer.url;
    authorization.challenge = Challenge{offer.type, document.name, offer.token,
                                        m_session.key().keyAuthorization(offer.token)};
    m_events.push_back(Present{m_id, index, *authorization.challenge});
}

void Order::readAuthorizationLater(size_t index, const Response& response, Now now)
{
    Authorization& authorization = m_authorizations[index];
    const Duration wait = pollWait(authorization.polls++, response, now);
    ask(AuthorizationRead, authorization.url, {}, index, now.steady + wait);
}

void Order::challengeTold(size_t index, const Response& response, Now now)
{
    readAuthorizationLater(index, response, now);
}

void Order::takeCertificate(const Response& response)
{
    if (!tls::Certificate::fromPem(response.body))
        return fail({"garbage", "the CA sent no certificate in PEM form", response.status});
    if (!belongsTogether(response.body, m_request.keyPem))
        return fail({"garbage", "the CA's certificate is for another key", response.status});
    m_phase = Phase::Done;
    m_events.push_back(Issued{m_id, response.body});
}

} // namespace sallyport::acme
