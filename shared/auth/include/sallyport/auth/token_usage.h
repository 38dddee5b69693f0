// When each token was last used.
//
// Kept in its own small file (tokens.yaml.used), not in tokens.yaml: a person edits and backs up
// that one, and it should change only when somebody changes it. Written at most once a minute, and
// only when something is new; losing the last minute in a crash harms nobody.
//
// Threads: one (the relay's control thread).
#pragma once

#include <sallyport/auth/timestamp.h>
#include <sallyport/auth/token_set.h>
#include <sallyport/base/clock.h>
#include <sallyport/base/result.h>
#include <sallyport/config/files.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::auth {

class TokenUsage
{
public:
    static constexpr Duration WriteInterval = std::chrono::minutes(1);

    // The file that goes with a tokens file.
    static std::string fileFor(const std::string& tokensFile) { return tokensFile + ".used"; }

    explicit TokenUsage(std::string file) : m_file(std::move(file)) {}

    // Reads what an earlier run left. Lines that make no sense are skipped: the file is a
    // convenience.
    void load();
    void noteUse(std::string_view tokenId, Timestamp when);
    std::optional<Timestamp> lastUsed(std::string_view tokenId) const;

    // When save() should next be called; nothing while there is nothing to write.
    std::optional<TimePoint> nextDeadline() const;
    // Writes when the deadline has come (or always, at shutdown). Entries of tokens that are not in
    // the set are dropped, so the file is bounded by it.
    Result<void, config::FileError> save(const TokenSet& tokens, TimePoint now,
                                         bool always = false);
    // The same for credentials of another kind: who is not known is dropped.
    using IsKnown = std::function<bool(const std::string& id)>;
    Result<void, config::FileError> save(const IsKnown& isKnown, TimePoint now,
                                         bool always = false);

private:
    std::string m_file;
    std::map<std::string, Timestamp, std::less<>> m_used;
    bool m_dirty = false;
    TimePoint m_earliestWrite{};
};

} // namespace sallyport::auth
