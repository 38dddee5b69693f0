#include <sallyport/auth/token_usage.h>

#include <algorithm>

namespace sallyport::auth {

namespace {

// Each line is "ID: TIME", which is YAML too.
void readLine(std::string_view line, std::map<std::string, Timestamp, std::less<>>& used)
{
    const size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string_view::npos)
        return;
    const auto time = parseTimestamp(line.substr(colon + 2));
    if (time)
        used[std::string(line.substr(0, colon))] = *time;
}

} // namespace

void TokenUsage::load()
{
    const auto file = config::readFile(m_file);
    if (!file)
        return;
    std::string_view text = file->text;
    while (!text.empty() && m_used.size() < TokenSet::MaxTokens) {
        const size_t end = std::min(text.find('\n'), text.size());
        readLine(text.substr(0, end), m_used);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void TokenUsage::noteUse(std::string_view tokenId, Timestamp when)
{
    auto found = m_used.find(tokenId);
    if (found == m_used.end()) {
        if (m_used.size() >= TokenSet::MaxTokens)
            return;
        found = m_used.emplace(std::string(tokenId), Timestamp()).first;
    }
    if (found->second >= when)
        return;
    found->second = when;
    m_dirty = true;
}

std::optional<Timestamp> TokenUsage::lastUsed(std::string_view tokenId) const
{
    const auto found = m_used.find(tokenId);
    return found == m_used.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TimePoint> TokenUsage::nextDeadline() const
{
    return m_dirty ? std::optional(m_earliestWrite) : std::nullopt;
}

Result<void, config::FileError> TokenUsage::save(const TokenSet& tokens, TimePoint now, bool always)
{
    return save([&](const std::string& id) { return tokens.find(id) != nullptr; }, now, always);
}

Result<void, config::FileError> TokenUsage::save(const IsKnown& isKnown, TimePoint now, bool always)
{
    if (!m_dirty || (!always && now < m_earliestWrite))
        return {};
    m_earliestWrite = now + WriteInterval;
    std::erase_if(m_used, [&](const auto& entry) { return !isKnown(entry.first); });
    std::string text = "# When each token was last used. Written by the relay; may be deleted.\n";
    for (const auto& [id, when] : m_used)
        text += id + ": " + timestampText(when) + "\n";
    // A failed write is tried again a minute later.
    auto written = config::writeFileAtomically(m_file, text);
    if (written)
        m_dirty = false;
    return written;
}

} // namespace sallyport::auth
