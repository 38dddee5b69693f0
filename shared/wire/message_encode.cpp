#include "json_text.h"

#include <sallyport/wire/message_codec.h>

#include <nlohmann/json.hpp>

namespace sallyport::wire {

namespace {

// Ordered: `type` stands first, where a person who reads a capture looks for it.
using Json = nlohmann::ordered_json;

Json toJson(const AccessPolicy& policy)
{
    Json json = Json::object();
    const auto put = [&](const char* name, const auto& value) {
        if (!value.empty())
            json[name] = value;
    };
    put("realm", policy.realm);
    for (const AccessUser& user : policy.users)
        json["users"][user.name] = user.hash;
    put("token_hashes", policy.tokenHashes);
    put("token_header", policy.tokenHeader);
    put("token_query", policy.tokenQuery);
    put("allow", policy.allow);
    put("deny", policy.deny);
    put("except", policy.except);
    if (policy.passCredentials)
        json["pass_credentials"] = true;
    return json;
}

Json toJson(const TunnelRequest& request)
{
    Json json = {{"ref", request.ref}, {"kind", kindText(request.kind)}};
    if (request.name)
        json["name"] = *request.name;
    if (request.hostname)
        json["hostname"] = *request.hostname;
    if (request.remotePort)
        json["remote_port"] = *request.remotePort;
    if (request.options.proxyProtocol)
        json["options"]["proxy_protocol"] = true;
    if (request.options.plainHttp)
        json["options"]["plain_http"] = true;
    if (request.options.hostHeader)
        json["options"]["host_header"] = *request.options.hostHeader;
    if (request.options.upstreamProtocol == UpstreamProtocol::H2c)
        json["options"]["protocol"] = "h2c";
    if (!request.options.access.empty())
        json["options"]["access"] = toJson(request.options.access);
    return json;
}

Json toJson(const TunnelGrant& grant)
{
    Json json = {{"ref", grant.ref}, {"id", grant.id}};
    if (grant.name)
        json["name"] = *grant.name;
    json["urls"] = grant.urls;
    if (grant.access)
        json["access"] = true;
    return json;
}

Json toJson(const Auth& auth)
{
    Json json = {{"scheme", auth.scheme}};
    if (!auth.token.empty())
        json["token"] = auth.token.reveal();
    return json;
}

Json toJson(const AgentInfo& agent)
{
    return {{"id", agent.id},
            {"name", agent.name},
            {"version", agent.version},
            {"os", agent.os},
            {"arch", agent.arch}};
}

void put(Json& json, const Refusal& refusal)
{
    json["code"] = refusal.code;
    json["message"] = cleanProse(refusal.message, MessageLimits::Text);
    json["retry"] = refusal.retry;
}

Json toJson(const TunnelRefused& refused)
{
    Json json = {{"ref", refused.ref}};
    put(json, refused.refusal);
    return json;
}

template <typename T>
Json toList(const std::vector<T>& items)
{
    Json list = Json::array();
    for (const T& item : items)
        list.push_back(toJson(item));
    return list;
}

std::string_view levelText(NoticeLevel level)
{
    switch (level) {
    case NoticeLevel::Info:
        return "info";
    case NoticeLevel::Warning:
        return "warning";
    case NoticeLevel::Error:
        return "error";
    }
    return {};
}

struct FieldWriter
{
    Json& json;

    void operator()(const Hello& m) const
    {
        json["protocol"] = m.protocol;
        json["agent"] = toJson(m.agent);
        json["auth"] = toJson(m.auth);
        json["tunnels"] = toList(m.tunnels);
    }
    void operator()(const TunnelOpen& m) const { json["tunnel"] = toJson(m.tunnel); }
    void operator()(const TunnelClose& m) const { json["id"] = m.id; }
    void operator()(const TunnelUpdate& m) const
    {
        json["id"] = m.id;
        json["access"] = toJson(m.access);
    }
    void operator()(const Reauth& m) const { json["auth"] = toJson(m.auth); }
    void operator()(const StreamFailed& m) const
    {
        json["stream"] = m.stream;
        json["code"] = codeText(m.code);
        json["message"] = cleanProse(m.message, MessageLimits::Text);
    }
    void operator()(const Welcome& m) const
    {
        json["session"] = m.session;
        json["tunnels"] = toList(m.tunnels);
        if (!m.refused.empty())
            json["refused"] = toList(m.refused);
    }
    void operator()(const TunnelOpened& m) const { json["tunnel"] = toJson(m.tunnel); }
    void operator()(const TunnelRefused& m) const
    {
        json["ref"] = m.ref;
        put(json, m.refusal);
    }
    void operator()(const Refuse& m) const { put(json, m.refusal); }
    void operator()(const Drain& m) const { json["deadline"] = m.deadlineMs; }
    void operator()(const Challenge& m) const
    {
        json["scheme"] = m.scheme;
        json["nonce"] = m.nonce;
    }
    void operator()(const Notice& m) const
    {
        json["level"] = levelText(m.level);
        json["message"] = cleanProse(m.message, MessageLimits::Text);
    }
    void operator()(const Unsupported& m) const
    {
        json["of"] = cleanProse(m.of, MessageLimits::Code);
    }
    void operator()(const CertificateRenew& m) const { json["csr"] = m.csr; }
    void operator()(const CertificateIssued& m) const { json["chain"] = m.chain; }
    void operator()(const CertificateRefused& m) const { put(json, m.refusal); }
    void operator()(const TunnelCheck& m) const { json["tunnel"] = toJson(m.tunnel); }
    void operator()(const TunnelChecked& m) const
    {
        json["ref"] = m.ref;
        json["free"] = m.free;
        if (!m.urls.empty())
            json["urls"] = m.urls;
        if (!m.free)
            put(json, m.refusal);
    }
};

} // namespace

std::string encodeMessage(const Message& message)
{
    Json json = {{"type", typeText(message)}};
    std::visit(FieldWriter{json}, message);
    // Text from a configuration may be anything; dump() would throw on bytes that are not UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace sallyport::wire
