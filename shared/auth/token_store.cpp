#include "list_file.h"
#include "permission_fields.h"
#include "token_file.h"

#include <sallyport/auth/token_store.h>

#include <QLockFile>
#include <QString>

#include <openssl/rand.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sallyport::auth {

namespace {

using Records = std::vector<TokenRecord>;

StoreError unreadable(const config::Problems& problems)
{
    return {StoreError::Code::Unreadable, problems.text()};
}

struct Contents
{
    std::string text;
    Records records;
};

Result<Contents, config::Problems> readContents(const std::string& file)
{
    auto read = config::readFile(file);
    if (!read) {
        if (read.error() == config::FileError::Missing)
            return Contents();
        config::Problems problems;
        problems.error({config::Place::Kind::File, file, 0}, "", "", config::toText(read.error()));
        return Failure(std::move(problems));
    }
    auto records = parseTokens(read->text, file);
    if (!records)
        return Failure(records.error());
    return Contents{std::move(read->text), std::move(*records)};
}

// Holds tokens.yaml.lock. Without write access to the folder there is no lock and no change either.
class Lock
{
public:
    Lock(const std::string& file, std::chrono::milliseconds timeout)
        : m_lock(QString::fromStdString(file + ".lock")), m_file(file)
    {
        m_held = m_lock.tryLock(static_cast<int>(timeout.count()));
    }

    std::optional<StoreError> error() const
    {
        if (m_held)
            return {};
        if (m_lock.error() == QLockFile::LockFailedError)
            return StoreError{StoreError::Code::Locked,
                              m_file + " is being changed by another process: try again"};
        return StoreError{StoreError::Code::Unwritable,
                          m_file + ": its folder does not exist or may not be written"};
    }

private:
    QLockFile m_lock;
    std::string m_file;
    bool m_held = false;
};

// The edited text when it means exactly what it should, else a new file. So a layout that the
// editor misjudges costs comments at worst, never a token.
std::string textFor(const std::optional<std::string>& edited, const Records& wanted)
{
    if (edited)
        if (const auto records = parseTokens(*edited, ""); records && *records == wanted)
            return *edited;
    return wholeFile(wanted);
}

Result<void, StoreError> save(const std::string& file, const std::string& text)
{
    if (text.size() > config::MaxFileSize)
        return Failure(StoreError{StoreError::Code::Full, file +
                                                              " would exceed 1 MiB: revoke tokens "
                                                              "that are not used"});
    if (const auto written = config::writeFileAtomically(file, text); !written)
        return Failure(
            StoreError{StoreError::Code::Unwritable, file + " " + config::toText(written.error())});
    return {};
}

// "t_" and 8 of 32 letters and digits that cannot be confused.
std::optional<std::string> newId(const Records& records)
{
    constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(alphabet.size() == 32);
    for (;;) {
        uint8_t random[8];
        if (RAND_bytes(random, sizeof(random)) != 1)
            return {};
        std::string id = "t_";
        for (const uint8_t byte : random)
            id += alphabet[byte % alphabet.size()];
        const bool taken = std::any_of(records.begin(), records.end(),
                                       [&](const TokenRecord& record) { return record.id == id; });
        if (!taken)
            return id;
    }
}

std::optional<StoreError> faultOf(const TokenRequest& request)
{
    if (!isTenantName(request.name))
        return StoreError{StoreError::Code::Invalid,
                          "a token's name is 1 to 64 letters, digits, or . _ - @"};
    TokenRecord record;
    record.id = "t_check";
    record.name = request.name;
    record.hash.fill(1);
    record.permissions = request.permissions;
    record.expires = request.expires;
    // What could not be read back must not be written.
    const auto back = parseTokens(wholeFile({record}), "the request");
    if (!back)
        return StoreError{StoreError::Code::Invalid, back.error().list().front().text()};
    if (back->front() != record)
        return StoreError{StoreError::Code::Invalid, "the permissions contradict each other"};
    return {};
}

Result<size_t, StoreError> findOne(const Records& records, std::string_view idOrName)
{
    std::vector<size_t> named;
    for (size_t i = 0; i < records.size(); ++i) {
        if (records[i].id == idOrName)
            return i;
        if (records[i].name == idOrName)
            named.push_back(i);
    }
    const std::string quoted = "\"" + std::string(idOrName) + "\"";
    if (named.empty())
        return Failure(
            StoreError{StoreError::Code::NotFound, "no token has the id or name " + quoted});
    if (named.size() == 1)
        return named[0];
    std::string ids;
    for (const size_t i : named)
        ids += " " + records[i].id;
    return Failure(
        StoreError{StoreError::Code::Ambiguous,
                   "several tokens have the name " + quoted + ": say which by id:" + ids});
}

} // namespace

TokenStore::TokenStore(std::string file, std::chrono::milliseconds lockTimeout)
    : m_file(std::move(file)), m_lockTimeout(lockTimeout)
{}

Result<std::shared_ptr<const TokenSet>, config::Problems> TokenStore::load() const
{
    auto contents = readContents(m_file);
    if (!contents)
        return Failure(contents.error());
    return std::make_shared<const TokenSet>(std::move(contents->records));
}

Result<NewToken, StoreError> TokenStore::add(const TokenRequest& request, Timestamp now)
{
    if (auto fault = faultOf(request))
        return Failure(std::move(*fault));
    const Lock lock(m_file, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    auto contents = readContents(m_file);
    if (!contents)
        return Failure(unreadable(contents.error()));
    if (contents->records.size() >= TokenSet::MaxTokens)
        return Failure(StoreError{StoreError::Code::Full, m_file + " holds " +
                                                              std::to_string(TokenSet::MaxTokens) +
                                                              " tokens, which is the most"});
    auto token = Token::generate();
    const auto id = newId(contents->records);
    if (!token || !id)
        return Failure(
            StoreError{StoreError::Code::NoRandomness, toText(TokenError::NoRandomness)});
    TokenRecord record{*id, request.name, token->hash(), request.permissions, request.expires, now};
    contents->records.push_back(record);
    const bool fresh = contents->records.size() == 1 && contents->text.empty();
    const auto edited =
        fresh ? std::nullopt : withItem(contents->text, "tokens", tokenText(record));
    if (auto saved = save(m_file, textFor(edited, contents->records)); !saved)
        return Failure(saved.error());
    return NewToken{std::move(*token), std::move(record)};
}

Result<TokenRecord, StoreError> TokenStore::revoke(std::string_view idOrName)
{
    const Lock lock(m_file, m_lockTimeout);
    if (auto error = lock.error())
        return Failure(std::move(*error));
    auto contents = readContents(m_file);
    if (!contents)
        return Failure(unreadable(contents.error()));
    const auto index = findOne(contents->records, idOrName);
    if (!index)
        return Failure(index.error());
    TokenRecord record = contents->records[*index];
    contents->records.erase(contents->records.begin() + static_cast<ptrdiff_t>(*index));
    const auto edited = withoutItem(contents->text, *index);
    if (auto saved = save(m_file, textFor(edited, contents->records)); !saved)
        return Failure(saved.error());
    return record;
}

} // namespace sallyport::auth
