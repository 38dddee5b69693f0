#include "import/import_builder.h"

#include <sallyport/config/agent_config.h>
#include <sallyport/config/host_name.h>
#include <sallyport/wire/access.h>

#include <algorithm>
#include <utility>

namespace sallyport::desktop {

namespace {

// Letters, digits and hyphens as a label of one host name.
std::string asLabel(std::string_view wanted)
{
    constexpr size_t longest = 50; // leaves room for a number
    std::string label;
    for (const char c : wanted.substr(0, longest)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            label += c;
        else if (c >= 'A' && c <= 'Z')
            label += static_cast<char>(c + ('a' - 'A'));
        else if (!label.empty() && label.back() != '-')
            label += '-';
    }
    while (!label.empty() && label.back() == '-')
        label.pop_back();
    return label.empty() ? "tunnel" : label;
}

} // namespace

void ImportBuilder::note(std::string place, std::string sentence)
{
    if (m_result.notes.size() >= ImportLimits::Notes) {
        ++m_result.notesLeftOut;
        return;
    }
    m_result.notes.push_back({std::move(place), std::move(sentence)});
}

void ImportBuilder::hintRelay(std::string_view address)
{
    if (const size_t scheme = address.find("://"); scheme != std::string_view::npos)
        address.remove_prefix(scheme + 3);
    address = address.substr(0, address.find('/'));
    // What stands before @ may be a credential.
    if (const size_t at = address.rfind('@'); at != std::string_view::npos)
        address.remove_prefix(at + 1);
    if (const auto endpoint = config::Endpoint::parse(address, 1))
        m_result.relayHint = endpoint->host;
}

std::string ImportBuilder::freeRef(std::string_view wanted) const
{
    const std::string label = asLabel(wanted);
    std::string ref = label;
    for (int number = 2; m_result.tunnels.count(ref) > 0; ++number)
        ref = label + "-" + std::to_string(number);
    return ref;
}

void ImportBuilder::add(std::string_view wanted, config::TunnelConfig tunnel,
                        const std::string& place, ImportProtection protection)
{
    if (m_result.tunnels.size() >= config::AgentConfig::MaxTunnels) {
        note(place, "Left out: an agent has at most " +
                        std::to_string(config::AgentConfig::MaxTunnels) + " tunnels.");
        return;
    }
    config::Loader loader{config::Sources()};
    tunnel.validate(loader, "tunnel");
    if (loader.problems().hasErrors()) {
        const config::Problem& first = loader.problems().list().front();
        note(place,
             "Left out, since it would not hold here: " + first.key + " " + first.message + ".");
        return;
    }
    const std::string ref = freeRef(wanted);
    m_result.tunnels.emplace(ref, std::move(tunnel));
    if (!protection.logins.empty() || !protection.lost.empty())
        m_result.protection.emplace(ref, std::move(protection));
}

std::optional<config::Upstream>
ImportBuilder::upstream(std::string_view text, config::TunnelKind kind, const std::string& place)
{
    auto upstream = config::Upstream::parse(text, kind);
    if (upstream)
        return std::move(*upstream);
    note(place, "Left out: the local address " + upstream.error() + ".");
    return {};
}

void ImportBuilder::setHostname(config::TunnelConfig& tunnel, std::string_view text,
                                const std::string& place)
{
    auto hostname = config::parseHostPattern(text);
    if (hostname)
        tunnel.hostname = std::move(*hostname);
    else
        note(place,
             "The host name " + hostname.error() + ": the relay chooses an address instead.");
}

void ImportBuilder::setName(config::TunnelConfig& tunnel, std::string_view text,
                            const std::string& place)
{
    auto name = config::parseName(text);
    if (name)
        tunnel.name = std::move(*name);
    else
        note(place, "The name " + name.error() + ": the relay chooses one instead.");
}

void ImportBuilder::setRemotePort(config::TunnelConfig& tunnel, std::string_view text,
                                  const std::string& place)
{
    if (text.empty() || text == "0")
        return; // the server chooses, as the relay does
    const auto port = config::parsePort(text);
    if (port)
        tunnel.remotePort = *port;
    else
        note(place, "The port " + port.error() + ": the relay chooses one instead.");
}

void ImportBuilder::noteOthers(const config::Node& map, const std::set<std::string_view>& known,
                               const std::string& place)
{
    for (const config::NodeEntry& entry : map.entries)
        if (known.count(entry.key) == 0)
            note(place.empty() ? entry.key : place + "." + entry.key,
                 "Not taken over: there is no such setting here.");
}

void addLogin(ImportProtection& protection, std::string_view user, std::string_view password,
              std::string_view key)
{
    if (wire::checkUserName(user) || password.empty() ||
        protection.logins.size() >= wire::AccessLimits::Users) {
        if (protection.lost.empty() || protection.lost.back() != key)
            protection.lost.emplace_back(key);
        return;
    }
    protection.logins.push_back({std::string(user), Secret(std::string(password))});
}

void addLogin(ImportProtection& protection, std::string_view both, std::string_view key)
{
    const size_t colon = std::min(both.find(':'), both.size());
    addLogin(protection, both.substr(0, colon), both.substr(std::min(colon + 1, both.size())), key);
}

std::string_view textOf(const config::Node& map, std::string_view key)
{
    const config::Node* node = map.find(key);
    return node && node->kind == config::Node::Kind::Scalar ? std::string_view(node->text)
                                                            : std::string_view();
}

bool isTrue(std::string_view text)
{
    return text == "true" || text == "yes" || text == "on";
}

std::vector<std::string_view> textsOf(const config::Node& map, std::string_view key)
{
    std::vector<std::string_view> texts;
    const config::Node* node = map.find(key);
    if (!node)
        return texts;
    if (node->kind == config::Node::Kind::Scalar && !node->text.empty())
        texts.push_back(node->text);
    for (const config::Node& item : node->items)
        if (item.kind == config::Node::Kind::Scalar)
            texts.push_back(item.text);
    return texts;
}

} // namespace sallyport::desktop
