#include <sallyport/config/agent_config.h>
#include <sallyport/config/files.h>
#include <sallyport/control/handed_tokens.h>

#include <QCryptographicHash>

#include <algorithm>
#include <charconv>
#include <utility>

namespace sallyport::control {

namespace {

std::string handedFile()
{
    const QByteArray folder = qgetenv("CREDENTIALS_DIRECTORY");
    return folder.startsWith('/') ? folder.toStdString() + "/" + HandedTokens::FileName
                                  : std::string();
}

std::string_view takeLine(std::string_view& rest)
{
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

bool isPlain(std::string_view token)
{
    return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// "HOST:PORT", or "HOST:PORT#2" of another account of that relay; empty: it is neither.
std::string accountIn(std::string_view text)
{
    const size_t mark = std::min(text.find('#'), text.size());
    const auto relay = config::RelayAddress::parse(std::string(text.substr(0, mark)));
    if (!relay)
        return {};
    KnownAccount account;
    account.relay = *relay;
    if (mark < text.size()) {
        const std::string_view digits = text.substr(mark + 1);
        const auto read =
            std::from_chars(digits.data(), digits.data() + digits.size(), account.number);
        if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
            account.number < 1 || account.number > Accounts::MaxAccounts)
            return {};
    }
    return account.id();
}

std::string problemAt(size_t line, const std::string& what)
{
    return "line " + std::to_string(line) + " of the tokens " + what;
}

} // namespace

Result<HandedTokens, std::string> HandedTokens::parse(const Secret& text)
{
    if (text.size() > MaxText)
        return Failure(std::string("the tokens are longer than 512 KiB"));
    HandedTokens tokens;
    std::string_view rest = text.reveal();
    for (size_t number = 1; !rest.empty(); ++number) {
        const std::string_view line = takeLine(rest);
        if (line.empty() || line.starts_with('#'))
            continue;
        const size_t blank = line.find(' ');
        if (blank == std::string_view::npos)
            return Failure(problemAt(number, "is not of the form `HOST:PORT TOKEN`"));
        const std::string account = accountIn(line.substr(0, blank));
        if (account.empty())
            return Failure(problemAt(number, "begins with no relay's address"));
        if (!tokens.put(account, Secret(std::string(line.substr(blank + 1)))))
            return Failure(problemAt(number, "is one too many, or its token is too long or has "
                                             "blanks in it"));
    }
    return tokens;
}

bool HandedTokens::areHere()
{
    return config::readFile(handedFile(), MaxText).ok();
}

HandedTokens HandedTokens::ofThisProcess()
{
    auto file = config::readFile(handedFile(), MaxText);
    if (!file)
        return {};
    auto tokens = parse(Secret(std::move(file->text)));
    return tokens ? std::move(*tokens) : HandedTokens();
}

bool HandedTokens::put(const std::string& account, const Secret& token)
{
    if (token.empty() || token.size() > MaxToken || !isPlain(token.reveal()) || !isPlain(account))
        return false;
    if (m_tokens.size() >= MaxTokens && !m_tokens.contains(account))
        return false;
    m_tokens[account] = token;
    return true;
}

std::optional<Secret> HandedTokens::find(const std::string& account) const
{
    const auto found = m_tokens.find(account);
    return found == m_tokens.end() ? std::nullopt : std::optional(found->second);
}

Secret HandedTokens::text() const
{
    std::string text;
    for (const auto& [account, token] : m_tokens)
        text += account + " " + token.reveal() + "\n";
    return Secret(std::move(text));
}

std::string HandedTokens::marks() const
{
    std::string text;
    for (const auto& [account, token] : m_tokens)
        text += account + " " + tokenMark(token) + "\n";
    return text;
}

std::string tokenMark(const Secret& token)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData("sallyport token mark\n");
    hash.addData(QByteArray::fromStdString(token.reveal()));
    return hash.result().toHex().left(16).toStdString();
}

bool lacksTokens(std::string_view marks, const Accounts& accounts)
{
    const std::string lines = "\n" + std::string(marks);
    return std::any_of(
        accounts.list().begin(), accounts.list().end(), [&](const KnownAccount& account) {
            if (!account.identity.empty())
                return false;
            const std::string line = "\n" + account.id() + " " + account.tokenMark;
            return lines.find(account.tokenMark.empty() ? line : line + "\n") == std::string::npos;
        });
}

} // namespace sallyport::control
