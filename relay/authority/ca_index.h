// What the relay's own authority has issued, and which of it was taken back: ca/index.txt.
//
// One line for each certificate: serial number, name, issued, expires, revoked (or "-").
// It is the truth about revocation; the revocation list is made from it. Certificates that ended
// 30 days ago are forgotten.
#pragma once

#include <sallyport/auth/timestamp.h>
#include <sallyport/base/result.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sallyport::relay {

struct IssuedCertificate
{
    std::string serial; // lower-case hex
    std::string name;   // the tenant
    auth::Timestamp issued;
    auth::Timestamp expires;
    std::optional<auth::Timestamp> revoked;

    bool isGood(auth::Timestamp now) const { return !revoked && now < expires; }
    bool operator==(const IssuedCertificate&) const = default;
};

class CaIndex
{
public:
    static constexpr size_t MaxCertificates = 20'000;
    static constexpr size_t MaxFileSize = 4 * 1024 * 1024;
    static constexpr auto Memory = std::chrono::hours(24 * 30);

    // The error is a sentence that names the line.
    static Result<CaIndex, std::string> parse(std::string_view text, const std::string& fileName);
    std::string text() const;

    const std::vector<IssuedCertificate>& certificates() const { return m_certificates; }
    const IssuedCertificate* find(std::string_view serial) const;

    // False when it is full: prune() first.
    bool add(IssuedCertificate certificate);
    void prune(auth::Timestamp now);
    // Those of that name, or the one of that serial number, that were good; now they are not.
    std::vector<IssuedCertificate> revoke(std::string_view nameOrSerial, auth::Timestamp now);
    // All that are good.
    void revokeAll(auth::Timestamp now);

private:
    std::vector<IssuedCertificate> m_certificates; // in the order of issue
    std::unordered_map<std::string, size_t> m_bySerial;
};

} // namespace sallyport::relay
