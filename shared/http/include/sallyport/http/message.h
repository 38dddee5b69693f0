// The head of one HTTP/1.x message as it was read: what stands in it and what it means.
//
// Everything textual is a view into the buffer that the reader was given, valid as long as those
// bytes stay where they are. A head object is meant to be reused (one for each worker is enough):
// reading clears it but keeps its memory, so a steady stream of requests allocates nothing.
#pragma once

#include <sallyport/http/field.h>
#include <sallyport/http/host.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sallyport::http {

enum class Version : uint8_t { Http10, Http11 };

// The methods that this library treats in some way of their own; any other token is Other.
enum class Method : uint8_t { Other, Get, Head, Post, Put, Delete, Connect, Options, Trace, Patch };

// How the end of a body is found (RFC 9112 section 6.3).
enum class BodyKind : uint8_t {
    None,       // no body follows, and the head says nothing about one
    Length,     // exactly `length` bytes (possibly 0)
    Chunked,    // Transfer-Encoding: chunked
    UntilClose, // responses only: all bytes until the connection ends
};

struct BodyFraming
{
    BodyKind kind = BodyKind::None;
    uint64_t length = 0;

    bool empty() const
    {
        return kind == BodyKind::None || (kind == BodyKind::Length && length == 0);
    }
    bool operator==(const BodyFraming&) const = default;
};

// What requests and responses have in common.
struct MessageHead
{
    Version version = Version::Http11;
    // In the order of arrival.
    std::vector<Field> fields;
    // Which known fields occur at all.
    FieldSet present;
    BodyFraming body;
    // Whether the sender's connection can carry another message after this one (RFC 9112
    // section 9.3).
    bool keepAlive = false;
    // Connection names fields of the sender's own that must not travel on.
    bool connectionNamesFields = false;
    // Request: Connection: upgrade and Upgrade were both sent, in HTTP/1.1, and h2c is not among
    // the protocols. Response: status 101.
    bool upgrade = false;
    // The first Upgrade field's value, empty unless `upgrade`.
    std::string_view upgradeProtocol;
    // Bytes from the start of the buffer to the first byte of the body.
    size_t size = 0;

    // The value of the first field with this name (compared without case), empty when there is
    // none.
    std::string_view value(std::string_view name) const;
    std::string_view value(FieldId id) const;
};

// The four forms of a request's target (RFC 9112 section 3.2). Authority comes with CONNECT alone,
// Asterisk with OPTIONS alone.
enum class TargetForm : uint8_t { Origin, Absolute, Authority, Asterisk };

struct RequestHead : MessageHead
{
    Method method = Method::Other;
    std::string_view methodName;
    // As sent, and in which form.
    std::string_view target;
    TargetForm form = TargetForm::Origin;
    // What goes into the request line towards the upstream: path and query. It lacks its leading
    // slash when an absolute-form target had no path ("http://host?query"); then `addSlash` is set.
    std::string_view path;
    bool addSlash = false;
    // Where the request wants to go: the absolute-form target's authority, else the Host field, as
    // sent. Empty only with HTTP/1.0.
    std::string_view authority;
    // The same in the form to route by: lower case, without port and trailing dot.
    HostName host;
    // Expect: 100-continue, in HTTP/1.1.
    bool expectsContinue = false;
    // TE: trailers, in HTTP/1.1.
    bool acceptsTrailers = false;
};

struct ResponseHead : MessageHead
{
    // 100 to 999.
    unsigned status = 0;
    std::string_view reason;

    // 1xx other than 101: another head follows on the same connection, for the same request.
    bool interim() const { return status < 200 && status != 101; }
};

} // namespace sallyport::http
