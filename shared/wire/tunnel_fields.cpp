#include "tunnel_fields.h"

#include "access_fields.h"
#include "json_text.h"

#include <sallyport/wire/names.h>

#include <limits>
#include <utility>

namespace sallyport::wire {

namespace {

constexpr uint32_t AnyNumber = std::numeric_limits<uint32_t>::max();

std::optional<Refusal> readAddress(JsonFields& fields, TunnelRequest& request)
{
    request.name = fields.optionalText("name", MaxName);
    if (request.name && !isValidName(*request.name))
        return Refusal(RefusalCode::NameInvalid);
    if (const auto text = fields.optionalText("hostname", MessageLimits::Hostname + 1)) {
        auto hostname = parseHostname(*text);
        if (!hostname)
            return Refusal(RefusalCode::HostnameInvalid, describe(hostname.error()));
        request.hostname = std::move(*hostname);
    }
    if (const auto port = fields.optionalNumber("remote_port", 1, 65535))
        request.remotePort = static_cast<uint16_t>(*port);
    return std::nullopt;
}

TunnelOptions readOptions(const Json& json, const std::string& path, Problem& problem)
{
    JsonFields fields(json, path, problem);
    TunnelOptions options;
    options.proxyProtocol = fields.flag("proxy_protocol");
    options.plainHttp = fields.flag("plain_http");
    options.hostHeader = fields.optionalText("host_header", MessageLimits::HostHeader);
    if (const auto protocol = fields.optionalText("protocol", MessageLimits::Code)) {
        if (*protocol == "h2c")
            options.upstreamProtocol = UpstreamProtocol::H2c;
        else if (*protocol != "http1")
            fields.fail(ParseError::OutOfRange, "protocol");
    }
    options.access = readAccess(fields.object("access"), fields.pathOf("access"), problem);
    return options;
}

std::optional<Refusal> readRequest(const Json& json, const std::string& path,
                                   TunnelRequest& request)
{
    Problem problem;
    JsonFields fields(json, path, problem);
    const std::optional<TunnelKind> kind = kindFromText(fields.text("kind", MessageLimits::Code));
    const std::optional<Refusal> badAddress = readAddress(fields, request);
    request.options = readOptions(fields.object("options"), fields.pathOf("options"), problem);
    if (problem.any())
        return Refusal(RefusalCode::Malformed, problem.failure->where + ": " +
                                                   std::string(describe(problem.failure->error)));
    if (!kind)
        return Refusal(RefusalCode::UnsupportedKind);
    request.kind = *kind;
    return badAddress;
}

} // namespace

TunnelOrRefusal readTunnel(const Json& json, const std::string& path, Problem& problem)
{
    TunnelRequest request;
    request.ref = JsonFields(json, path, problem).text("ref", MessageLimits::Ref);
    if (problem.any())
        return request;
    if (std::optional<Refusal> refusal = readRequest(json, path, request))
        return TunnelRefused{request.ref, std::move(*refusal)};
    return request;
}

Refusal readRefusal(JsonFields& fields)
{
    Refusal refusal;
    refusal.code = fields.text("code", MessageLimits::Code);
    refusal.message = fields.prose("message", MessageLimits::Text);
    refusal.retry = fields.flag("retry");
    return refusal;
}

TunnelRefused readTunnelRefused(JsonFields& fields)
{
    std::string ref = fields.text("ref", MessageLimits::Ref);
    return {std::move(ref), readRefusal(fields)};
}

std::vector<std::string> readUrls(JsonFields& fields)
{
    std::vector<std::string> urls;
    for (const Json& url : fields.list("urls", MessageLimits::Urls)) {
        if (!url.is_string())
            fields.fail(ParseError::WrongType, "urls");
        else if (const auto& text = url.get_ref<const std::string&>();
                 text.size() > MessageLimits::Url || hasControls(text))
            fields.fail(ParseError::OutOfRange, "urls");
        else
            urls.push_back(text);
    }
    return urls;
}

TunnelGrant readGrant(const Json& json, const std::string& path, Problem& problem)
{
    JsonFields fields(json, path, problem);
    TunnelGrant grant;
    grant.ref = fields.text("ref", MessageLimits::Ref);
    grant.id = fields.number("id", 0, AnyNumber);
    grant.name = fields.optionalText("name", MaxName);
    grant.urls = readUrls(fields);
    grant.access = fields.flag("access");
    return grant;
}

} // namespace sallyport::wire
