#include "identity/remote_verifier.h"

#include "identity/web_request.h"

#include <QUrl>

#include <algorithm>

namespace sallyport::relay {

namespace {

constexpr qint64 MaxAnswer = 64 * 1024;
constexpr size_t MaxErrorText = 200;

std::string clean(std::string_view text)
{
    std::string shown(text.substr(0, MaxErrorText));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return shown;
}

} // namespace

RemoteAnswer readRemoteAnswer(int status, std::string_view body)
{
    RemoteAnswer answer;
    if (status == 0 || status >= 500)
        return answer;
    const auto json = status == 200 ? jose::parseJson(body) : std::nullopt;
    const jose::Json* valid = json ? json->find("valid") : nullptr;
    if (!valid || !valid->boolean()) {
        // It answers, but not about this token: a mistake in the configuration must not let
        // anybody in, nor be taken for an outage.
        answer.kind = RemoteAnswer::Kind::Invalid;
        answer.error =
            "the verifier's answer makes no sense (status " + std::to_string(status) + ")";
        return answer;
    }
    const jose::Json* claims = json->find("claims");
    if (*valid->boolean() && claims && claims->object()) {
        answer.kind = RemoteAnswer::Kind::Valid;
        answer.claims = *claims;
        return answer;
    }
    answer.kind = RemoteAnswer::Kind::Invalid;
    answer.error = *valid->boolean() ? "the verifier gave no claims" : clean(json->textOf("error"));
    return answer;
}

RemoteVerifier::RemoteVerifier(const config::JwtConfig& config, observe::Log log,
                               QNetworkAccessManager& web)
    : m_config(config), m_log(std::move(log)), m_web(web)
{}

void RemoteVerifier::ask(Secret token, Done done)
{
    if (m_asking < m_config.verifierRequests)
        return send({std::move(token), std::move(done)});
    if (m_waiting.size() >= 10 * m_config.verifierRequests)
        return done(RemoteAnswer());
    m_waiting.push_back({std::move(token), std::move(done)});
}

void RemoteVerifier::send(Question question)
{
    ++m_asking;
    const std::string body =
        jose::Json(jose::Json::Object{{"token", jose::Json(question.token.reveal())}}).dump();
    webPost(m_web, QUrl(QString::fromStdString(m_config.verifierUrl)),
            QByteArray::fromStdString(body), m_config.verifierTimeout, MaxAnswer,
            [this, done = std::move(question.done)](const WebAnswer& web) {
                RemoteAnswer answer = readRemoteAnswer(
                    web.status, std::string_view(web.body.constData(), size_t(web.body.size())));
                const bool failing = answer.kind == RemoteAnswer::Kind::Unavailable;
                if (failing != std::exchange(m_failing, failing)) {
                    const std::string reason =
                        web.error.empty() ? "status " + std::to_string(web.status) : web.error;
                    if (failing)
                        m_log.warning("the token verifier does not answer",
                                      {{"url", m_config.verifierUrl}, {"reason", reason}});
                    else
                        m_log.info("the token verifier answers again");
                }
                answered(done, answer);
            });
}

void RemoteVerifier::answered(const Done& done, const RemoteAnswer& answer)
{
    --m_asking;
    if (!m_waiting.empty()) {
        Question next = std::move(m_waiting.front());
        m_waiting.pop_front();
        send(std::move(next));
    }
    done(answer);
}

} // namespace sallyport::relay
