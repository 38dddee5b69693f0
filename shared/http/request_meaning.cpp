#include "meaning.h"
#include "syntax.h"

namespace sallyport::http {

// RFC 9112 section 3.2.2. User information is refused (RFC 9110 section 4.2.4): the host rules out
// `@`.
static HeadError readAbsoluteTarget(RequestHead& head)
{
    std::string_view rest = head.target;
    for (std::string_view scheme : {"http://", "https://"}) {
        if (!equalsNoCase(head.target.substr(0, scheme.size()), scheme))
            continue;
        rest.remove_prefix(scheme.size());
        const size_t end = std::min(rest.find_first_of("/?"), rest.size());
        head.form = TargetForm::Absolute;
        head.authority = rest.substr(0, end);
        // Must not fall back to the Host field (RFC 9110 section 4.2.1).
        if (head.authority.empty())
            return HeadError::InvalidHost;
        head.path = rest.substr(end);
        head.addSlash = !head.path.starts_with('/');
        // RFC 9112 section 3.2.4
        if (head.path.empty() && head.method == Method::Options) {
            head.path = "*";
            head.addSlash = false;
        }
        return HeadError::None;
    }
    return HeadError::InvalidTarget;
}

static HeadError readTarget(RequestHead& head)
{
    head.form = TargetForm::Origin;
    head.path = head.target;
    head.addSlash = false;
    head.authority = {};
    if (head.method == Method::Connect) {
        head.form = TargetForm::Authority;
        head.authority = head.target;
        return portOf(head.target) ? HeadError::None : HeadError::InvalidTarget;
    }
    if (head.target.front() == '/')
        return HeadError::None;
    if (head.target == "*") {
        head.form = TargetForm::Asterisk;
        return head.method == Method::Options ? HeadError::None : HeadError::InvalidTarget;
    }
    return readAbsoluteTarget(head);
}

// The Host field must be sound even where the target overrides it (RFC 9112 section 3.2).
static HeadError readHost(RequestHead& head)
{
    const Field* host = nullptr;
    for (const Field& field : head.fields) {
        if (field.id != FieldId::Host)
            continue;
        if (host)
            return HeadError::SeveralHosts;
        host = &field;
    }
    if (!host && head.version == Version::Http11)
        return HeadError::MissingHost;
    head.host.clear();
    if (host) {
        if (!head.host.assign(host->value))
            return HeadError::InvalidHost;
        if (head.authority.empty())
            head.authority = host->value;
    }
    const bool overridden = head.form == TargetForm::Absolute || head.form == TargetForm::Authority;
    if (overridden && !head.host.assign(head.authority))
        return HeadError::InvalidHost;
    return HeadError::None;
}

// RFC 9110 section 7.8. An HTTP/2 connection inside an upgraded one would escape every check made
// here, so h2c is not passed on; the upstream then simply answers in HTTP/1.1.
static void readUpgrade(RequestHead& head, const ConnectionOptions& options)
{
    head.upgrade = false;
    head.upgradeProtocol = {};
    if (!options.upgrade || !head.present.has(FieldId::Upgrade) || head.version == Version::Http10)
        return;
    bool any = false;
    bool refused = false;
    for (const Field& field : head.fields) {
        if (field.id != FieldId::Upgrade)
            continue;
        forEachListMember(field.value, [&](std::string_view protocol) {
            any = true;
            refused = refused || equalsNoCase(protocol, "h2c");
            return true;
        });
    }
    if (any && !refused) {
        head.upgrade = true;
        head.upgradeProtocol = head.value(FieldId::Upgrade);
    }
}

static HeadError readExpectAndTe(RequestHead& head)
{
    head.expectsContinue = head.acceptsTrailers = false;
    // Neither means anything in HTTP/1.0 (RFC 9110 sections 10.1.1 and 10.1.4).
    if (head.version == Version::Http10)
        return HeadError::None;
    for (const Field& field : head.fields) {
        if (field.id == FieldId::Expect) {
            if (!equalsNoCase(field.value, "100-continue"))
                return HeadError::UnknownExpectation;
            head.expectsContinue = true;
        } else if (field.id == FieldId::Te) {
            forEachListMember(field.value, [&](std::string_view coding) {
                head.acceptsTrailers = head.acceptsTrailers || equalsNoCase(coding, "trailers");
                return !head.acceptsTrailers;
            });
        }
    }
    return HeadError::None;
}

HeadError understandRequest(RequestHead& head)
{
    const DeclaredFraming framing = declaredFraming(head);
    if (framing.error != HeadError::None)
        return framing.error;
    if (const HeadError error = readTarget(head); error != HeadError::None)
        return error;
    if (const HeadError error = readHost(head); error != HeadError::None)
        return error;
    const ConnectionOptions options = connectionOptions(head);
    if (options.count > ConnectionOptions::MaxOptions)
        return HeadError::TooManyConnectionOptions;
    if (framing.chunked)
        head.body = {BodyKind::Chunked, 0};
    else if (framing.length)
        head.body = {BodyKind::Length, *framing.length};
    else
        head.body = {};
    head.keepAlive = keepsAlive(head.version, options);
    head.connectionNamesFields = options.namesFields;
    readUpgrade(head, options);
    if (head.present.has(FieldId::Expect) || head.present.has(FieldId::Te))
        return readExpectAndTe(head);
    head.expectsContinue = head.acceptsTrailers = false;
    return HeadError::None;
}

} // namespace sallyport::http
