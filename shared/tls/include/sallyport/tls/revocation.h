// Certificate revocation lists (RFC 5280 section 5), of our own authority or of any other.
//
// A Context given lists refuses revoked certificates during the handshake, and checks the lists'
// signatures and times there. This class answers the same question later, for links that stand.
// Immutable: any number of threads may ask it at once.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls {

// What was taken back, and when.
struct RevokedSerial
{
    std::string serial; // hex digits
    SystemTime when;
};

class RevocationLists
{
public:
    static constexpr size_t PemLimit = 16 * 1024 * 1024;
    static constexpr size_t ListLimit = 64;

    // All lists of a PEM text, at least one; a single one may also be DER, as authorities publish
    // them.
    static Result<std::shared_ptr<const RevocationLists>, Error> fromText(std::string_view text);
    ~RevocationLists();
    RevocationLists(const RevocationLists&) = delete;
    RevocationLists& operator=(const RevocationLists&) = delete;

    // By its issuer's list; false when there is none of its issuer.
    bool isRevoked(const Certificate& certificate) const;
    // The same, by what one remembers of it.
    bool isRevoked(std::string_view issuer, std::string_view serial) const;

    struct List
    {
        std::string issuer;
        std::optional<SystemTime> nextUpdate; // after it the list counts for nothing
        size_t revoked = 0;
    };
    std::vector<List> lists() const;
    // What the issuer of that name (Certificate::subject) took back.
    std::vector<RevokedSerial> revokedBy(std::string_view issuer) const;
    // The same lists, as PEM.
    std::string pem() const;

private:
    struct Parts;
    explicit RevocationLists(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace sallyport::tls
