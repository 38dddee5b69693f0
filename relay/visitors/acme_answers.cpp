#include "visitors/acme_answers.h"

#include <algorithm>

namespace sallyport::relay {

using namespace std::chrono;

namespace {

constexpr auto Refresh = seconds(2);
constexpr auto LongestWait = seconds(3600);

std::string spell(seconds time)
{
    const auto count = std::max<long long>(0, time.count());
    if (count < 120)
        return std::to_string(count) + (count == 1 ? " second" : " seconds");
    if (count < 7200)
        return std::to_string(count / 60) + " minutes";
    return std::to_string(count / 3600) + " hours";
}

} // namespace

std::optional<std::string> challengeAnswer(const AcmeState& state, const http::RequestHead& head)
{
    const bool reads = head.method == http::Method::Get || head.method == http::Method::Head;
    const std::string* proof = reads ? state.answerTo(head.path) : nullptr;
    if (!proof)
        return std::nullopt;
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCache-Control: no-store"
                         "\r\nContent-Length: " +
                         std::to_string(proof->size()) + "\r\n";
    if (!head.keepAlive || !head.body.empty())
        answer += "Connection: close\r\n";
    else if (head.version == http::Version::Http10)
        answer += "Connection: keep-alive\r\n";
    answer += "\r\n";
    if (head.method != http::Method::Head)
        answer += *proof;
    return answer;
}

CertificatePage::CertificatePage(const AcmeState::Pending& pending, tls::SystemTime now)
{
    m_answer.status = 503;
    m_answer.side = http::Side::Relay;
    if (pending.error.empty()) {
        m_sentence = "The certificate for this address is being issued.";
        m_advice = "This page refreshes itself; it has been waiting for " +
                   spell(duration_cast<seconds>(now - pending.since)) + ".";
        m_answer.code = "certificate-pending";
        m_answer.retryAfter = Refresh;
    } else {
        const auto next = duration_cast<seconds>(pending.retry.value_or(now) - now);
        m_sentence = "The certificate for this address could not be issued.";
        m_advice = "The certificate authority says: " + pending.error + ". The next try is in " +
                   spell(next) + ".";
        m_answer.code = "certificate-error";
        m_answer.retryAfter = std::clamp(next, seconds(Refresh), LongestWait);
    }
    m_answer.sentence = m_sentence;
    m_answer.advice = m_advice;
    m_answer.refresh = std::min<seconds>(*m_answer.retryAfter, seconds(30));
}

} // namespace sallyport::relay
