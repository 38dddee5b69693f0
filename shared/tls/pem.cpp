#include "pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace sallyport::tls {

static Failure<Error> badPem(std::string message)
{
    ERR_clear_error();
    return Failure(Error{ErrorCode::BadPem, std::move(message)});
}

// "a private key", "a certificate": what stands in a PEM text that should have been another.
static std::string whatIsIn(std::string_view pem)
{
    const size_t start = pem.find("-----BEGIN ");
    if (start == std::string_view::npos)
        return "no PEM block at all";
    const std::string_view rest = pem.substr(start + 11);
    const std::string_view kind = rest.substr(0, rest.find("-----"));
    if (kind.ends_with("PRIVATE KEY"))
        return "a private key";
    if (kind.ends_with("CERTIFICATE REQUEST"))
        return "a certificate request, which a CA must sign first";
    if (kind.ends_with("CERTIFICATE"))
        return "a certificate";
    if (kind.ends_with("PUBLIC KEY"))
        return "a public key";
    return "another kind of PEM block";
}

Result<std::vector<X509Ptr>, Error> readCertificates(std::string_view pem, size_t limit)
{
    if (pem.size() > PemLimit)
        return badPem("more than 1 MiB of PEM where a certificate was expected");
    const BioPtr in = memoryBio(pem);
    std::vector<X509Ptr> chain;
    while (X509* next = PEM_read_bio_X509(in.get(), nullptr, noPassphrase, nullptr)) {
        chain.emplace_back(next);
        if (chain.size() > limit)
            return badPem("more than " + std::to_string(limit) + " certificates in one chain");
    }
    const bool atEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!atEnd)
        return badPem("certificate number " + std::to_string(chain.size() + 1) +
                      " is damaged: " + libraryReason());
    if (chain.empty())
        return badPem("expected a certificate, found " + whatIsIn(pem));
    ERR_clear_error();
    return chain;
}

Result<KeyPtr, Error> readPrivateKey(std::string_view pem)
{
    if (pem.size() > PemLimit)
        return badPem("more than 1 MiB of PEM where a private key was expected");
    const BioPtr in = memoryBio(pem);
    KeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, noPassphrase, nullptr));
    if (key) {
        ERR_clear_error();
        return key;
    }
    if (pem.find("ENCRYPTED") != std::string_view::npos) {
        ERR_clear_error();
        return Failure(Error{ErrorCode::EncryptedKey,
                             "the private key is encrypted; store it without a pass phrase "
                             "(openssl pkey -in KEY -out PLAIN) in a file only its user can read"});
    }
    const std::string found = whatIsIn(pem);
    if (found == "a private key")
        return badPem("the private key is damaged: " + libraryReason());
    return badPem("expected a private key, found " + found);
}

} // namespace sallyport::tls
