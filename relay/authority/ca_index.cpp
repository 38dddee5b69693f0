#include "authority/ca_index.h"

#include <sallyport/auth/tenants.h>

#include <algorithm>
#include <array>

namespace sallyport::relay {

namespace {

constexpr std::string_view Heading = "# serial name issued expires revoked\n";

bool isSerial(std::string_view text)
{
    return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

std::vector<std::string_view> wordsOf(std::string_view line)
{
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const size_t end = std::min(line.find(' '), line.size());
        if (end > 0)
            words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

std::optional<IssuedCertificate> fromLine(std::string_view line)
{
    const auto words = wordsOf(line);
    if (words.size() != 5 || !isSerial(words[0]) || !auth::isTenantName(words[1]))
        return std::nullopt;
    const auto issued = auth::parseTimestamp(words[2]);
    const auto expires = auth::parseTimestamp(words[3]);
    if (!issued || !expires)
        return std::nullopt;
    IssuedCertificate certificate{std::string(words[0]), std::string(words[1]), *issued, *expires,
                                  std::nullopt};
    if (words[4] == "-")
        return certificate;
    const auto revoked = auth::parseTimestamp(words[4]);
    if (!revoked)
        return std::nullopt;
    certificate.revoked = *revoked;
    return certificate;
}

} // namespace

Result<CaIndex, std::string> CaIndex::parse(std::string_view text, const std::string& fileName)
{
    CaIndex index;
    for (int number = 1; !text.empty(); ++number) {
        const size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#')
            continue;
        auto certificate = fromLine(line);
        const std::string place = fileName + ":" + std::to_string(number);
        if (!certificate)
            return Failure(place + ": must be: serial name issued expires revoked");
        if (index.find(certificate->serial))
            return Failure(place + ": the serial number of an earlier line");
        if (!index.add(std::move(*certificate)))
            return Failure(place + ": more than " + std::to_string(MaxCertificates) +
                           " certificates");
    }
    return index;
}

std::string CaIndex::text() const
{
    std::string text(Heading);
    for (const IssuedCertificate& c : m_certificates)
        text += c.serial + " " + c.name + " " + auth::timestampText(c.issued) + " " +
                auth::timestampText(c.expires) + " " +
                (c.revoked ? auth::timestampText(*c.revoked) : "-") + "\n";
    return text;
}

const IssuedCertificate* CaIndex::find(std::string_view serial) const
{
    const auto found = m_bySerial.find(std::string(serial));
    return found == m_bySerial.end() ? nullptr : &m_certificates[found->second];
}

bool CaIndex::add(IssuedCertificate certificate)
{
    if (m_certificates.size() >= MaxCertificates)
        return false;
    m_bySerial[certificate.serial] = m_certificates.size();
    m_certificates.push_back(std::move(certificate));
    return true;
}

void CaIndex::prune(auth::Timestamp now)
{
    std::erase_if(m_certificates,
                  [&](const IssuedCertificate& c) { return c.expires + Memory < now; });
    m_bySerial.clear();
    for (size_t i = 0; i < m_certificates.size(); ++i)
        m_bySerial[m_certificates[i].serial] = i;
}

std::vector<IssuedCertificate> CaIndex::revoke(std::string_view nameOrSerial, auth::Timestamp now)
{
    std::vector<IssuedCertificate> revoked;
    const bool bySerial = find(nameOrSerial) != nullptr;
    for (IssuedCertificate& c : m_certificates) {
        if ((bySerial ? c.serial : c.name) != nameOrSerial || !c.isGood(now))
            continue;
        c.revoked = now;
        revoked.push_back(c);
    }
    return revoked;
}

void CaIndex::revokeAll(auth::Timestamp now)
{
    for (IssuedCertificate& c : m_certificates)
        if (c.isGood(now))
            c.revoked = now;
}

} // namespace sallyport::relay
