// Asks the operator's own service about tokens: POST {"token": "..."}, answered by 200 and
// {"valid": bool, "claims": {...}, "error"?: "..."}.
//
// Threads: the control thread. So many questions at once, ten times as many wait; beyond it the
// service counts as unavailable.
#pragma once

#include <sallyport/base/secret.h>
#include <sallyport/config/jwt_config.h>
#include <sallyport/jose/json.h>
#include <sallyport/observe/log.h>
#include <sallyport/observe/repeat_guard.h>

#include <QNetworkAccessManager>
#include <QObject>

#include <deque>
#include <functional>
#include <string>
#include <variant>

namespace sallyport::relay {

struct RemoteAnswer
{
    enum class Kind {
        Valid,      // `claims` holds
        Invalid,    // `error` says why, in the service's words
        Unavailable // it did not answer, or failed (5xx): nothing is known
    };
    Kind kind = Kind::Unavailable;
    jose::Json claims;
    std::string error;
};

// What an answer means; status 0 is none.
RemoteAnswer readRemoteAnswer(int status, std::string_view body);

class RemoteVerifier final : public QObject
{
public:
    using Done = std::function<void(const RemoteAnswer&)>;

    RemoteVerifier(const config::JwtConfig& config, observe::Log log, QNetworkAccessManager& web);

    void ask(Secret token, Done done);

private:
    struct Question
    {
        Secret token;
        Done done;
    };

    void send(Question question);
    void answered(const Done& done, const RemoteAnswer& answer);

    const config::JwtConfig& m_config;
    observe::Log m_log;
    QNetworkAccessManager& m_web;
    std::deque<Question> m_waiting;
    size_t m_asking = 0;
    bool m_failing = false; // said so in the log
};

} // namespace sallyport::relay
