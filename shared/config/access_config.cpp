#include <sallyport/config/access_config.h>
#include <sallyport/config/addresses.h>

#include <algorithm>
#include <utility>

namespace sallyport::config {

namespace {

using wire::AccessLimits;
using wire::AccessPolicy;

Codec<std::string> checkedText(std::string type, wire::Complaint (*check)(std::string_view))
{
    Codec<std::string> codec;
    codec.type = std::move(type);
    codec.parse = [check](std::string_view text) -> Result<std::string, std::string> {
        if (auto complaint = check(text))
            return Failure(std::move(*complaint));
        return std::string(text);
    };
    codec.show = [](const std::string& text) { return text; };
    return codec;
}

wire::Complaint checkNetwork(std::string_view text)
{
    const auto network = Network::parse(text);
    return network ? std::nullopt : wire::Complaint(network.error());
}

// `alice: "$argon2id$..."` below the key; elsewhere "alice:$argon2id$..." with blanks between
// users.
std::vector<std::pair<std::string, Node>> userEntries(const Node& node)
{
    std::vector<std::pair<std::string, Node>> entries;
    for (const NodeEntry& entry : node.entries)
        entries.emplace_back(entry.key, entry.value);
    std::string_view rest = node.text;
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        if (word.empty())
            continue;
        const size_t colon = word.find(':');
        Node hash;
        hash.kind = Node::Kind::Scalar;
        hash.line = node.line;
        if (colon != std::string_view::npos)
            hash.text = std::string(word.substr(colon + 1));
        entries.emplace_back(std::string(word.substr(0, colon)), std::move(hash));
    }
    return entries;
}

std::vector<Refused> readUsers(AccessPolicy& access, const Node& node)
{
    if (node.kind == Node::Kind::List || node.kind == Node::Kind::Null)
        return {
            {"", "", "takes names and password hashes, like alice: \"$argon2id$...\"", node.line}};
    std::vector<wire::AccessUser> users;
    std::vector<Refused> refused;
    for (auto& [name, hash] : userEntries(node)) {
        // What was refused may be a password: it is not repeated.
        if (auto complaint = wire::checkUserName(name))
            refused.push_back({"", "", "has a user whose name " + *complaint, hash.line});
        else if (hash.kind != Node::Kind::Scalar)
            refused.push_back({"." + name, "", "must be one password hash", hash.line});
        else if (auto bad = wire::checkPasswordHash(hash.text))
            refused.push_back({"." + name, "", *bad, hash.line});
        else
            users.push_back({name, hash.text});
    }
    if (users.size() > AccessLimits::Users)
        refused.push_back({"", "", "has more than 50 users", node.line});
    // In the order in which they travel.
    std::sort(users.begin(), users.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    if (refused.empty())
        access.users = std::move(users);
    return refused;
}

} // namespace

void declareAccess(AccessPolicy& access, Fields& fields)
{
    Field users{"access.users", "names and hashes",
                "With http: who gets in by password (HTTP Basic), as `NAME: HASH`; `sallyport "
                "hash-password` makes the hash.",
                ""};
    users.set = [&access](const Node& node) { return readUsers(access, node); };
    fields.add(std::move(users));
    fields.value("access.realm", access.realm, checkedText("text", wire::checkRealm),
                 "What browsers show when they ask for the password; the tunnel's name when it is "
                 "not given.");
    fields.list("access.tokens", access.tokenHashes,
                checkedText("token hash", wire::checkTokenHash), AccessLimits::Tokens,
                "With http: who gets in by a token instead, as `sha256:...`; `sallyport "
                "access-token` makes one. For apps and web hooks.");
    fields.value("access.token_header", access.tokenHeader,
                 checkedText("header name", wire::checkTokenHeader),
                 "The request header that carries the token, like `X-Token`, or `Authorization` "
                 "(`Bearer TOKEN`).");
    fields.value("access.token_query", access.tokenQuery,
                 checkedText("parameter name", wire::checkTokenQuery),
                 "The query parameter that carries the token, for what can send no header. It "
                 "shows in histories and logs on the visitor's side.");
    fields.list("access.except", access.except, checkedText("path", wire::checkPathPattern),
                AccessLimits::Exceptions,
                "Paths that need neither password nor token: `/hook`, `/.well-known/*`, "
                "`/api/*/status`.");
    fields.list("access.allow", access.allow, checkedText("network", checkNetwork),
                AccessLimits::Networks, "Networks that may visit; all when it is empty.");
    fields.list("access.deny", access.deny, checkedText("network", checkNetwork),
                AccessLimits::Networks, "Networks that may not, whatever access.allow says.");
    fields.value("access.pass_credentials", access.passCredentials, yesOrNo(),
                 "Let the upstream see the password or token that let the visitor in.");
}

void validateAccess(const AccessPolicy& access, bool http, Loader& loader, const std::string& path)
{
    const std::string at = path + ".access";
    const auto httpOnly = [&](bool given, const char* key) {
        if (given && !http)
            loader.complain(at + key,
                            "has a meaning for http tunnels only: the relay does not read "
                            "what passes through others; access.allow and access.deny "
                            "hold for all");
    };
    httpOnly(!access.users.empty(), ".users");
    httpOnly(!access.tokenHashes.empty(), ".tokens");
    const bool hasPlace = !access.tokenHeader.empty() || !access.tokenQuery.empty();
    if (!access.tokenHashes.empty() && !hasPlace)
        loader.complain(at + ".tokens", "need access.token_header or access.token_query: where "
                                        "requests carry them");
    if (access.tokenHashes.empty() && hasPlace)
        loader.complain(at + (access.tokenHeader.empty() ? ".token_query" : ".token_header"),
                        "has a meaning with access.tokens only");
    if (!access.except.empty() && access.users.empty() && access.tokenHashes.empty())
        loader.complain(at + ".except",
                        "has a meaning with access.users or access.tokens only: networks hold for "
                        "all paths");
}

std::vector<std::string> accessSummary(const AccessPolicy& access)
{
    std::vector<std::string> parts;
    if (!access.allow.empty() || !access.deny.empty())
        parts.emplace_back("networks");
    if (!access.users.empty())
        parts.emplace_back("password");
    if (!access.tokenHashes.empty())
        parts.emplace_back("token");
    return parts;
}

} // namespace sallyport::config
