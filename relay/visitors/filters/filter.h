// The links of the chain between a request's head and its upstream.
//
// A tunnel's policy is a chain of filters, made once when the tunnel opens: immutable, shared by
// all threads, without state of their own. What they remember lives with the worker
// (FilterServices). A filter sees the head and who the visitor is, and answers at once:
//   - pass: the next filter is asked, and after the last one the request goes on its way;
//   - an answer of the relay's own: nothing reaches the agent;
//   - wait: an answer is being found out elsewhere (a password is checked on another thread; a web
//     hook would be asked). The visitor keeps the request's bytes, hears verdictReady(), and asks
//     the chain again from its start: the filter then finds what it asked for.
// A filter may change what travels on: withhold() a field, or replacePath().
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/config/addresses.h>
#include <sallyport/http/error_response.h>
#include <sallyport/http/message.h>

#include <optional>
#include <string>
#include <utility>

namespace sallyport::relay {

class VisitPolicy;
class FilterServices;

// How long a visitor waits for a verdict, and hears 503 then: longer than a full queue of passwords
// takes to check.
inline constexpr auto VerdictPatience = std::chrono::seconds(20);

// Who waits for a verdict: a visitor's connection (HTTP/1), or one of its streams (HTTP/2).
class VerdictWaiter
{
public:
    // Once, from the worker's event loop: ask the chain again.
    virtual void verdictReady() = 0;

protected:
    ~VerdictWaiter() = default;
};

struct Visit
{
    http::RequestHead& head;
    const std::optional<config::IpAddress>& visitor; // nothing: an address that cannot be known
    TimePoint now;
    const VisitPolicy& policy;
    VerdictWaiter& waiter;
    std::string& newPath; // where replacePath() keeps its text; outlives the call of the chain

    void withhold(http::Field& field)
    {
        field.id = http::FieldId::Withheld;
        head.present.add(http::FieldId::Withheld);
    }
    void replacePath(std::string path)
    {
        newPath = std::move(path);
        head.path = newPath;
    }
};

struct VisitVerdict
{
    enum class Kind { Pass, Answer, Wait };
    Kind kind = Kind::Pass;
    http::ErrorAnswer answer = {}; // with Answer; its texts live as long as the policy

    static VisitVerdict pass() { return {}; }
    static VisitVerdict wait() { return {Kind::Wait, {}}; }
    static VisitVerdict refuse(const http::ErrorAnswer& answer) { return {Kind::Answer, answer}; }
};

class Filter
{
public:
    virtual ~Filter() = default;
    virtual VisitVerdict apply(Visit& visit, FilterServices& services) const = 0;
};

} // namespace sallyport::relay
