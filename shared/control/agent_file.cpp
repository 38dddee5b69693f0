#include "tunnel_yaml.h"
#include "yaml_edit.h"
#include "yaml_flow.h"

#include <sallyport/config/agent_config.h>
#include <sallyport/config/files.h>
#include <sallyport/control/agent_file.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sallyport::control {

using config::Node;
using config::NodeEntry;
using config::TunnelConfig;

namespace {

constexpr unsigned EveryBit = 07777;
constexpr const char* NewFile =
    "# What this computer publishes. The desktop app changes it too and keeps what you write.\n";

std::string trimmed(std::string text)
{
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

Result<Node, std::string> parse(std::string_view text, const std::string& name)
{
    auto root = config::document::parse(text, name);
    if (!root)
        return Failure(trimmed(root.error().text()));
    if (root->kind != Node::Kind::Map)
        return Failure(name + ":1: is not a list of keys and values");
    return std::move(*root);
}

size_t indexOf(const Node& map, const std::string& key)
{
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                    [&](const NodeEntry& entry) { return entry.key == key; });
    return static_cast<size_t>(found - map.entries.begin());
}

// What the tunnels should be afterwards.
Node changedTunnels(const Node* before, const std::string& ref,
                    const std::optional<TunnelConfig>& tunnel)
{
    Node tunnels;
    if (before)
        tunnels = *before;
    tunnels.kind = Node::Kind::Map;
    const size_t at = indexOf(tunnels, ref);
    if (!tunnel && at < tunnels.entries.size())
        tunnels.entries.erase(tunnels.entries.begin() + static_cast<std::ptrdiff_t>(at));
    else if (tunnel && at < tunnels.entries.size())
        tunnels.entries[at].value = tunnelToNode(*tunnel);
    else if (tunnel)
        tunnels.entries.push_back({ref, 0, tunnelToNode(*tunnel)});
    return tunnels;
}

// One key of a tunnel that is written in lines; the text is read again after each.
std::optional<std::string> editKey(std::string_view text, const std::string& ref,
                                   const std::string& key, const Node* value)
{
    const auto root = config::document::parse(text, "");
    if (!root)
        return std::nullopt;
    YamlEdit edit(text);
    const size_t tunnelsAt = indexOf(*root, "tunnels");
    const Node& tunnels = root->entries[tunnelsAt].value;
    const size_t tunnelAt = indexOf(tunnels, ref);
    const Node& tunnel = tunnels.entries[tunnelAt].value;
    const auto area = edit.rangeOf(tunnels, tunnelAt, edit.rangeOf(*root, tunnelsAt, edit.whole()));
    if (!edit.isBlock(tunnel))
        return std::nullopt;
    const size_t at = indexOf(tunnel, key);
    const size_t indent = edit.indentOf(tunnel);
    if (at == tunnel.entries.size()) {
        if (value)
            edit.insert(edit.rangeOf(tunnel, at - 1, area).end, asLines(key, *value, indent));
        return edit.text();
    }
    const auto range = edit.rangeOf(tunnel, at, area);
    if (value)
        edit.replace(range, asLines(key, *value, indent));
    else
        edit.remove(range);
    return edit.text();
}

// Touches only the keys whose values differ. Nothing when the tunnel is not written in lines.
std::optional<std::string> editKeys(std::string_view text, const std::string& ref,
                                    const Node& written, const TunnelConfig& wanted)
{
    const auto before = tunnelFromNode(written);
    if (!before || written.flow)
        return std::nullopt;
    const Node old = tunnelToNode(*before);
    const Node now = tunnelToNode(wanted);
    std::string result(text);
    const auto apply = [&](const std::string& key, const Node* value) {
        auto edited = editKey(result, ref, key, value);
        if (edited)
            result = std::move(*edited);
        return edited.has_value();
    };
    // New ones first: a tunnel must not be without a key in between.
    for (const NodeEntry& entry : now.entries) {
        const Node* was = old.find(entry.key);
        if ((!was || !sameMeaning(*was, entry.value)) && !apply(entry.key, &entry.value))
            return std::nullopt;
    }
    for (const NodeEntry& entry : written.entries)
        if (!now.find(entry.key) && old.find(entry.key) && !apply(entry.key, nullptr))
            return std::nullopt;
    return result;
}

// The whole tunnel, in a `tunnels:` that is written in lines.
std::string editTunnel(std::string_view text, const Node& root, const std::string& ref,
                       const std::optional<TunnelConfig>& tunnel)
{
    YamlEdit edit(text);
    const size_t tunnelsAt = indexOf(root, "tunnels");
    const Node& tunnels = root.entries[tunnelsAt].value;
    const auto area = edit.rangeOf(root, tunnelsAt, edit.whole());
    const size_t at = indexOf(tunnels, ref);
    const size_t indent = edit.indentOf(tunnels);
    if (at == tunnels.entries.size())
        edit.insert(edit.rangeOf(tunnels, at - 1, area).end,
                    asLines(ref, tunnelToNode(*tunnel), indent));
    else if (tunnel)
        edit.replace(edit.rangeOf(tunnels, at, area), asLines(ref, tunnelToNode(*tunnel), indent));
    else
        edit.remove(edit.rangeOf(tunnels, at, area));
    return edit.text();
}

std::vector<std::string> tunnelsInLines(const Node& tunnels)
{
    if (tunnels.entries.empty())
        return {"tunnels: {}"};
    std::vector<std::string> lines = {"tunnels:"};
    for (const NodeEntry& entry : tunnels.entries)
        for (std::string& line : asLines(entry.key, entry.value, 2))
            lines.push_back(std::move(line));
    return lines;
}

// All of `tunnels:`, which is {...}, empty, or not there yet.
std::string editValue(std::string_view text, const Node& root, const Node& tunnels)
{
    YamlEdit edit(text);
    const size_t at = indexOf(root, "tunnels");
    if (at < root.entries.size())
        edit.replace(edit.rangeOf(root, at, edit.whole()), tunnelsInLines(tunnels));
    else
        edit.insert(edit.whole().end, tunnelsInLines(tunnels));
    return edit.text();
}

std::string editText(std::string_view text, const Node& root, const std::string& ref,
                     const std::optional<TunnelConfig>& tunnel)
{
    const Node* before = root.find("tunnels");
    const Node after = changedTunnels(before, ref, tunnel);
    if (!before || !YamlEdit(text).isBlock(*before) || after.entries.empty())
        return editValue(text, root, after);
    const Node* written = before->find(ref);
    if (written && tunnel)
        if (auto edited = editKeys(text, ref, *written, *tunnel))
            return *edited;
    return editTunnel(text, root, ref, tunnel);
}

// The edit is proved by what it made: everything is as it was but for the one tunnel.
bool isAsWanted(std::string_view text, const Node& before, const std::string& ref,
                const std::optional<TunnelConfig>& tunnel)
{
    const auto after = config::document::parse(text, "");
    if (!after)
        return false;
    Node rest = before;
    Node restAfter = *after;
    for (Node* node : {&rest, &restAfter})
        std::erase_if(node->entries, [](const NodeEntry& entry) { return entry.key == "tunnels"; });
    const Node* tunnels = after->find("tunnels");
    if (!tunnels || !sameMeaning(rest, restAfter))
        return false;
    const Node none;
    const Node* old = before.find("tunnels");
    Node others = old ? *old : none;
    Node othersAfter = *tunnels;
    for (Node* node : {&others, &othersAfter}) {
        node->kind = Node::Kind::Map;
        std::erase_if(node->entries, [&](const NodeEntry& entry) { return entry.key == ref; });
    }
    if (!sameMeaning(others, othersAfter))
        return false;
    const Node* made = tunnels->find(ref);
    return tunnel ? made && tunnelFromNode(*made) == tunnel : !made;
}

} // namespace

Result<std::string, std::string> AgentFile::edited(std::string_view text, const std::string& name,
                                                   const std::string& ref,
                                                   const std::optional<TunnelConfig>& tunnel)
{
    auto root = parse(text, name);
    if (!root)
        return Failure(root.error());
    const Node* tunnels = root->find("tunnels");
    if (!tunnel && (!tunnels || !tunnels->find(ref)))
        return Failure("there is no tunnel \"" + ref + "\" in " + name);
    const std::string byHand = ": its form can't be changed by a program without losing something; "
                               "write each key in a line of its own, or make the change by hand";
    if (root->flow) {
        const auto inLines = flowToLines(text, *root);
        const auto again = inLines ? parse(*inLines, name) : Result<Node, std::string>(Node());
        if (!inLines || !again || !sameMeaning(*root, *again))
            return Failure(name + ": it is one {...} with comments in it, which would be lost when "
                                  "a program changes it; write each key in a line of its own "
                                  "(relay: ...), or put the comments above the braces");
        return edited(*inLines, name, ref, tunnel);
    }
    if (!root->entries.empty() && !YamlEdit(text).isBlock(*root))
        return Failure(name + byHand);
    std::string result = editText(text, *root, ref, tunnel);
    if (!isAsWanted(result, *root, ref, tunnel))
        return Failure(name + byHand);
    return result;
}

Result<void, std::string> AgentFile::put(const std::string& ref, const TunnelConfig& tunnel)
{
    return change([&](std::string_view text) { return edited(text, m_path, ref, tunnel); });
}

Result<void, std::string> AgentFile::putAll(const config::Tunnels& tunnels)
{
    return change([&](std::string_view text) -> Result<std::string, std::string> {
        std::string all(text);
        for (const auto& [ref, tunnel] : tunnels) {
            auto one = edited(all, m_path, ref, tunnel);
            if (!one)
                return one;
            all = std::move(*one);
        }
        return all;
    });
}

Result<void, std::string> AgentFile::remove(const std::string& ref)
{
    return change([&](std::string_view text) { return edited(text, m_path, ref, std::nullopt); });
}

Result<void, std::string> AgentFile::setPaused(const std::string& ref, bool paused)
{
    return change([&](std::string_view text) -> Result<std::string, std::string> {
        const auto root = parse(text, m_path);
        if (!root)
            return Failure(root.error());
        const Node* tunnels = root->find("tunnels");
        const Node* node = tunnels ? tunnels->find(ref) : nullptr;
        auto tunnel = node ? tunnelFromNode(*node) : std::nullopt;
        if (!tunnel)
            return Failure("there is no tunnel \"" + ref + "\" in " + m_path);
        tunnel->paused = paused;
        return edited(text, m_path, ref, tunnel);
    });
}

Result<void, std::string> AgentFile::change(const Edit& edit)
{
    for (int tries = 0; tries < 2; ++tries) {
        const auto before = config::readFile(m_path);
        if (!before && before.error() != config::FileError::Missing)
            return Failure(m_path + " " + config::toText(before.error()));
        auto after = edit(before ? std::string_view(before->text) : NewFile);
        if (!after)
            return Failure(after.error());
        if (auto checked = check(*after); !checked)
            return checked;
        const auto now = config::readFile(m_path);
        if (now.ok() != before.ok() || (now && now->text != before->text))
            continue; // somebody else wrote it meanwhile
        const unsigned mode = before ? EveryBit : 0600;
        if (auto written = config::writeFileAtomically(m_path, *after, mode); !written)
            return Failure(m_path + " " + config::toText(written.error()));
        return {};
    }
    return Failure(m_path + " is being changed by somebody else: try again");
}

// As the agent would read it, beside the file because of its relative paths and its .env.
Result<void, std::string> AgentFile::check(const std::string& text) const
{
    const std::string folder = m_path.substr(0, m_path.find_last_of("/\\"));
    if (auto made = config::makeFolder(folder); !made)
        return Failure(folder + " " + config::toText(made.error()));
    const std::string trial = m_path + ".check";
    std::remove(trial.c_str());
    if (auto written = config::writeFileAtomically(trial, text); !written)
        return Failure(trial + " " + config::toText(written.error()));
    config::Sources sources;
    sources.file = trial;
    const auto loaded = config::AgentConfig::load(sources);
    std::remove(trial.c_str());
    if (loaded)
        return {};
    std::string problems = trimmed(loaded.error().text());
    for (size_t at; (at = problems.find(trial)) != std::string::npos;)
        problems.replace(at, trial.size(), m_path);
    return Failure(std::move(problems));
}

} // namespace sallyport::control
