// The small answers that the relay gives a visitor itself, when no upstream can: a self-contained
// HTML page for browsers, one line of text for everything else, always with `Sallyport-Error:
// <code>`.
#pragma once

#include <sallyport/http/message.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

// Whose turn it is to do something.
enum class Side : uint8_t {
    Visitor, // the request itself
    Relay,   // the public server
    Agent,   // the machine that publishes the service is not connected
    Service, // the service behind the agent
};

struct ErrorAnswer
{
    unsigned status = 502;
    // For programs: Sallyport-Error. Letters, digits and hyphens.
    std::string_view code;
    // For people: what happened, in one sentence. Any text; it is escaped.
    std::string_view sentence;
    Side side = Side::Relay;
    // What to do; a general advice for the side when empty.
    std::string_view advice = {};
    std::optional<std::chrono::seconds> retryAfter = {};
    // The page loads itself anew after this: for what is about to change.
    std::optional<std::chrono::seconds> refresh = {};
    // WWW-Authenticate, with 401.
    std::string_view challenge = {};
};

struct ErrorOptions
{
    bool html = false;        // prefersHtml(request)
    bool headRequest = false; // send the head alone
    bool close = true;        // Connection: close
    // HTTP/1.0 visitors that keep the connection must be told so.
    Version visitorVersion = Version::Http11;
    // Shown small, so that a visitor can quote it. May be empty.
    std::string_view requestId = {};
};

// True when Accept names text/html, and not with less weight than text/plain or application/json.
bool prefersHtml(const RequestHead& request);

// The options that follow from a request: html, headRequest, close, version.
ErrorOptions errorOptionsFor(const RequestHead& request);

// A whole response, head and body.
std::string errorResponse(const ErrorAnswer& answer, const ErrorOptions& options);

// "Not Found" for 404; "Error" for a number without a name.
std::string_view statusText(unsigned status);

} // namespace sallyport::http
