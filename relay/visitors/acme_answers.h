// What visitors hear on plain HTTP while certificates are obtained: the CA its proof, people a page
// that says so and refreshes itself.
#pragma once

#include "certificates/acme_state.h"

#include <sallyport/http/error_response.h>
#include <sallyport/http/message.h>

#include <optional>
#include <string>

namespace sallyport::relay {

// The whole answer to GET /.well-known/acme-challenge/TOKEN, if the token is ours.
std::optional<std::string> challengeAnswer(const AcmeState& state, const http::RequestHead& head);

// 503 for a host whose certificate is being obtained, or could not be. Holds the texts that the
// answer refers to.
class CertificatePage
{
public:
    CertificatePage(const AcmeState::Pending& pending, tls::SystemTime now);
    CertificatePage(const CertificatePage&) = delete;
    CertificatePage& operator=(const CertificatePage&) = delete;
    const http::ErrorAnswer& answer() const { return m_answer; }

private:
    std::string m_sentence;
    std::string m_advice;
    http::ErrorAnswer m_answer;
};

} // namespace sallyport::relay
