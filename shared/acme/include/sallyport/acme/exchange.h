// HTTP as values: what the client wants sent, and what came of it. Nothing here does I/O.
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/tls/certificate.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::acme {

// Waits are measured on the steady clock, lifetimes of certificates on the wall's.
struct Now
{
    TimePoint steady;
    tls::SystemTime wall;
};

enum class Method { Get, Head, Post };

struct Request
{
    uint64_t id = 0; // to be given back with the answer
    Method method = Method::Get;
    std::string url;
    std::string body; // with Post: application/jose+json
};

struct Response
{
    // Bytes of a body that are looked at; whoever reads it may stop there.
    static constexpr size_t BodyLimit = 256 * 1024;

    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;

    std::string_view header(std::string_view name) const; // empty: absent
    bool succeeded() const { return status >= 200 && status < 300; }
    // Retry-After as a wait from now on: seconds or a date (RFC 9110 section 10.2.3), between 0 and
    // 30 days.
    std::optional<Duration> retryAfter(tls::SystemTime now) const;
};

} // namespace sallyport::acme
