#include <sallyport/tls/certificate_store.h>

#include <algorithm>
#include <array>

namespace sallyport::tls {

namespace {

constexpr size_t LongestName = 255;

// The name in the form of the tables, without an allocation; empty when it can be none of them.
class PlainName
{
public:
    explicit PlainName(std::string_view name)
    {
        if (name.ends_with('.'))
            name.remove_suffix(1);
        if (name.size() > m_text.size())
            return;
        std::transform(name.begin(), name.end(), m_text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
        m_size = name.size();
    }
    std::string_view view() const { return {m_text.data(), m_size}; }

    // "*" instead of the first label; empty when there is no parent.
    std::string_view wildcard()
    {
        const size_t dot = view().find('.');
        if (dot == std::string_view::npos || dot == 0)
            return {};
        m_text[dot - 1] = '*';
        return view().substr(dot - 1);
    }

private:
    std::array<char, LongestName> m_text;
    size_t m_size = 0;
};

} // namespace

void CertificateStore::add(std::string_view name, ContextPtr context)
{
    const PlainName plain(name);
    if (!plain.view().empty())
        m_names.insert_or_assign(std::string(plain.view()), std::move(context));
}

void CertificateStore::addChallenge(std::string_view name, ContextPtr context)
{
    const PlainName plain(name);
    if (!plain.view().empty())
        m_challenges.insert_or_assign(std::string(plain.view()), std::move(context));
}

const CertificateStore::ContextPtr* CertificateStore::findName(std::string_view serverName) const
{
    PlainName plain(serverName);
    // An asterisk from outside is no name; it must not find a wildcard by its own spelling.
    if (plain.view().empty() || plain.view().front() == '*')
        return nullptr;
    if (const auto exact = m_names.find(plain.view()); exact != m_names.end())
        return &exact->second;
    const std::string_view wildcard = plain.wildcard();
    if (wildcard.empty())
        return nullptr;
    const auto below = m_names.find(wildcard);
    return below == m_names.end() ? nullptr : &below->second;
}

CertificateStore::ContextPtr CertificateStore::find(std::string_view serverName) const
{
    const ContextPtr* found = findName(serverName);
    return found ? *found : m_default;
}

bool CertificateStore::holds(std::string_view serverName) const
{
    return findName(serverName) != nullptr;
}

CertificateStore::ContextPtr CertificateStore::findChallenge(std::string_view serverName) const
{
    const PlainName plain(serverName);
    const auto found = m_challenges.find(plain.view());
    return found == m_challenges.end() ? nullptr : found->second;
}

} // namespace sallyport::tls
