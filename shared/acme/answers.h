// The CA's JSON documents, read strictly and within limits. Private to this library.
#pragma once

#include <sallyport/acme/challenge.h>
#include <sallyport/acme/problem.h>
#include <sallyport/base/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::acme {

// The failure of all readers is a sentence about the document.

// RFC 8555 section 7.1.3.
struct OrderDocument
{
    enum class Status { Pending, Ready, Processing, Valid, Invalid } status = Status::Pending;
    std::vector<std::string> authorizations;
    std::string finalize;
    std::string certificate; // with Valid
    std::optional<Problem> error;
};
Result<OrderDocument, std::string> readOrder(std::string_view json);

// RFC 8555 section 7.1.4.
struct AuthorizationDocument
{
    // Expired, deactivated and revoked are Invalid.
    enum class Status { Pending, Valid, Invalid } status = Status::Pending;
    std::string name; // without "*."
    bool wildcard = false;
    struct Offer
    {
        ChallengeType type;
        std::string url;
        std::string token;
        std::optional<Problem> error;
    };
    std::vector<Offer> offers; // of the types that we know
};
Result<AuthorizationDocument, std::string> readAuthorization(std::string_view json);

// RFC 9773 section 4.2.
struct RenewalDocument
{
    tls::SystemTime start;
    tls::SystemTime end;
};
Result<RenewalDocument, std::string> readRenewal(std::string_view json);

// Empty fields where the text is no problem document (RFC 7807).
Problem readProblem(std::string_view json);

// Printable, on one line, at most `limit` bytes.
std::string cleanText(std::string_view text, size_t limit);

// The scheme and host of a URL are well-formed and the length is bounded; http is for servers in
// tests, whoever configured the directory decides.
bool isUrl(std::string_view text);

} // namespace sallyport::acme
