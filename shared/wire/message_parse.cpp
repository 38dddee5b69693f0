#include "access_fields.h"
#include "json_fields.h"
#include "json_text.h"
#include "tunnel_fields.h"

#include <sallyport/wire/message_codec.h>

#include <limits>
#include <set>
#include <utility>

namespace sallyport::wire {

namespace {

constexpr uint32_t AnyNumber = std::numeric_limits<uint32_t>::max();
constexpr size_t MaxTypeShown = 64;

AgentInfo readAgent(const Json& json, Problem& problem)
{
    JsonFields fields(json, "agent", problem);
    const auto optional = [&](const char* name) {
        return fields.optionalText(name, MessageLimits::AgentField).value_or(std::string());
    };
    AgentInfo agent;
    agent.id = fields.text("id", MessageLimits::AgentField);
    agent.name = optional("name");
    agent.version = optional("version");
    agent.os = optional("os");
    agent.arch = optional("arch");
    return agent;
}

Auth readAuth(const Json& json, Problem& problem)
{
    JsonFields fields(json, "auth", problem);
    Auth auth;
    auth.scheme = fields.text("scheme", MessageLimits::Scheme);
    if (auth.scheme == "token")
        auth.token = Secret(fields.text("token", MessageLimits::Token));
    else
        auth.token =
            Secret(fields.optionalText("token", MessageLimits::Token).value_or(std::string()));
    return auth;
}

void readTunnels(JsonFields& fields, Hello& hello, Problem& problem)
{
    const Json& list = fields.list("tunnels", MessageLimits::Tunnels);
    std::set<std::string> refs;
    for (size_t i = 0; i < list.size() && !problem.any(); ++i) {
        TunnelOrRefusal tunnel = readTunnel(list[i], fields.pathOf("tunnels", i), problem);
        if (auto* refused = std::get_if<TunnelRefused>(&tunnel)) {
            hello.invalidTunnels.push_back(std::move(*refused));
            continue;
        }
        TunnelRequest& request = std::get<TunnelRequest>(tunnel);
        if (refs.insert(request.ref).second)
            hello.tunnels.push_back(std::move(request));
        else
            hello.invalidTunnels.push_back({request.ref, Refusal(RefusalCode::DuplicateRef)});
    }
}

// One function for each type
// -----------------------------------------------------------------------

Message readHello(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    Hello hello;
    hello.protocol = fields.number("protocol", 0, AnyNumber);
    if (!problem.any() && hello.protocol != LinkProtocol)
        fields.fail(ParseError::ProtocolVersion, "protocol");
    if (problem.any())
        return hello;
    hello.agent = readAgent(fields.requiredObject("agent"), problem);
    hello.auth = readAuth(fields.requiredObject("auth"), problem);
    readTunnels(fields, hello, problem);
    return hello;
}

Message readTunnelOpen(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    TunnelOrRefusal tunnel = readTunnel(fields.requiredObject("tunnel"), "tunnel", problem);
    if (auto* refused = std::get_if<TunnelRefused>(&tunnel)) {
        problem.set(ParseError::InvalidTunnel, "tunnel");
        problem.failure->answer = std::move(*refused);
        return TunnelOpen();
    }
    return TunnelOpen{std::move(std::get<TunnelRequest>(tunnel))};
}

Message readTunnelCheck(const Json& json, Problem& problem)
{
    Message open = readTunnelOpen(json, problem);
    return TunnelCheck{std::move(std::get<TunnelOpen>(open).tunnel)};
}

Message readTunnelClose(const Json& json, Problem& problem)
{
    return TunnelClose{JsonFields(json, {}, problem).number("id", 0, AnyNumber)};
}

Message readTunnelUpdate(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    TunnelUpdate update;
    update.id = fields.number("id", 0, AnyNumber);
    update.access = readAccess(fields.object("access"), "access", problem);
    return update;
}

Message readReauth(const Json& json, Problem& problem)
{
    return Reauth{readAuth(JsonFields(json, {}, problem).requiredObject("auth"), problem)};
}

Message readStreamFailed(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    StreamFailed failed;
    failed.stream = fields.number("stream", 1, AnyNumber);
    failed.code = streamFailureFromText(fields.text("code", MessageLimits::Code));
    failed.message = fields.prose("message", MessageLimits::Text);
    return failed;
}

Message readWelcome(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    Welcome welcome;
    welcome.session = fields.text("session", MessageLimits::Session);
    const Json& tunnels = fields.list("tunnels", MessageLimits::Tunnels);
    for (size_t i = 0; i < tunnels.size() && !problem.any(); ++i)
        welcome.tunnels.push_back(readGrant(tunnels[i], fields.pathOf("tunnels", i), problem));
    const Json& refused = fields.list("refused", MessageLimits::Tunnels);
    for (size_t i = 0; i < refused.size() && !problem.any(); ++i) {
        JsonFields entry(refused[i], fields.pathOf("refused", i), problem);
        welcome.refused.push_back(readTunnelRefused(entry));
    }
    return welcome;
}

Message readTunnelOpened(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    return TunnelOpened{readGrant(fields.requiredObject("tunnel"), "tunnel", problem)};
}

Message readTunnelChecked(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    TunnelChecked checked;
    checked.ref = fields.text("ref", MessageLimits::Ref);
    checked.free = fields.flag("free");
    checked.urls = readUrls(fields);
    if (!checked.free)
        checked.refusal = readRefusal(fields);
    return checked;
}

Message readTunnelRefusedMessage(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    return readTunnelRefused(fields);
}

Message readRefuse(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    return Refuse{readRefusal(fields)};
}

Message readDrain(const Json& json, Problem& problem)
{
    return Drain{JsonFields(json, {}, problem).number("deadline", 0, AnyNumber)};
}

Message readChallenge(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    Challenge challenge;
    challenge.scheme = fields.text("scheme", MessageLimits::Scheme);
    challenge.nonce = fields.optionalText("nonce", MessageLimits::Nonce).value_or(std::string());
    return challenge;
}

Message readNotice(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    const std::string level = fields.optionalText("level", MessageLimits::Code).value_or("info");
    Notice notice;
    notice.level = level == "error"     ? NoticeLevel::Error
                   : level == "warning" ? NoticeLevel::Warning
                                        : NoticeLevel::Info;
    notice.message = fields.prose("message", MessageLimits::Text);
    return notice;
}

Message readUnsupported(const Json& json, Problem& problem)
{
    return Unsupported{JsonFields(json, {}, problem).prose("of", MessageLimits::Code)};
}

Message readCertificateRenew(const Json& json, Problem& problem)
{
    return CertificateRenew{
        JsonFields(json, {}, problem).pem("csr", MessageLimits::SigningRequest)};
}

Message readCertificateIssued(const Json& json, Problem& problem)
{
    return CertificateIssued{
        JsonFields(json, {}, problem).pem("chain", MessageLimits::CertificateChain)};
}

Message readCertificateRefused(const Json& json, Problem& problem)
{
    JsonFields fields(json, {}, problem);
    return CertificateRefused{readRefusal(fields)};
}

struct Reader
{
    std::string_view type;
    Message (*read)(const Json&, Problem&);
};
constexpr Reader Readers[] = {
    {"hello", readHello},
    {"tunnel.open", readTunnelOpen},
    {"tunnel.check", readTunnelCheck},
    {"tunnel.close", readTunnelClose},
    {"tunnel.update", readTunnelUpdate},
    {"reauth", readReauth},
    {"stream.failed", readStreamFailed},
    {"welcome", readWelcome},
    {"tunnel.opened", readTunnelOpened},
    {"tunnel.refused", readTunnelRefusedMessage},
    {"tunnel.checked", readTunnelChecked},
    {"refuse", readRefuse},
    {"drain", readDrain},
    {"challenge", readChallenge},
    {"notice", readNotice},
    {"unsupported", readUnsupported},
    {"certificate.renew", readCertificateRenew},
    {"certificate.issued", readCertificateIssued},
    {"certificate.refused", readCertificateRefused},
};

Failure<ParseFailure> failure(ParseError error, std::string where = {})
{
    return Failure(ParseFailure{error, std::move(where), std::nullopt});
}

} // namespace

Result<Message, ParseFailure> parseMessage(std::string_view text)
{
    if (!isUtf8(text))
        return failure(ParseError::BadUtf8);
    if (nestsDeeper(text, MaxJsonDepth))
        return failure(ParseError::TooDeep);
    const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded())
        return failure(ParseError::BadJson);
    if (!json.is_object())
        return failure(ParseError::NotAnObject);
    const auto type = json.find("type");
    if (type == json.end() || !type->is_string())
        return failure(ParseError::MissingType);

    const std::string& name = type->get_ref<const std::string&>();
    for (const Reader& reader : Readers) {
        if (reader.type != name)
            continue;
        Problem problem;
        Message message = reader.read(json, problem);
        if (problem.any())
            return Failure(std::move(*problem.failure));
        return message;
    }
    return failure(ParseError::UnknownType, cleanProse(name, MaxTypeShown));
}

} // namespace sallyport::wire
