#include "pem.h"

#include <sallyport/tls/keys.h>

#include <openssl/err.h>

#include <array>
#include <fstream>

namespace sallyport::tls {

static Result<void, Error> checkTimes(const Certificate& leaf, SystemTime now)
{
    if (now > leaf.notAfter)
        return Failure(Error{ErrorCode::CertificateExpired,
                             "the certificate of " + leaf.subject + " has expired"});
    if (now < leaf.notBefore)
        return Failure(Error{ErrorCode::CertificateNotYetValid,
                             "the certificate of " + leaf.subject + " is not valid yet"});
    return {};
}

Result<Certificate, Error> checkKeyPair(const KeyPair& pair, SystemTime now)
{
    const auto chain = readCertificates(pair.chainPem);
    if (!chain)
        return Failure(chain.error());
    const auto key = readPrivateKey(pair.keyPem);
    if (!key)
        return Failure(key.error());
    const X509* leaf = chain.value().front().get();
    if (X509_check_private_key(leaf, key.value().get()) != 1) {
        ERR_clear_error();
        return Failure(Error{ErrorCode::KeyMismatch,
                             "the private key does not belong to the first certificate; the chain "
                             "must begin with the server's own"});
    }
    auto certificate = Certificate::fromX509(leaf);
    if (!certificate)
        return Failure(Error{ErrorCode::BadPem, "the certificate is damaged"});
    const auto times = checkTimes(*certificate, now);
    if (!times)
        return Failure(times.error());
    return std::move(*certificate);
}

static Result<std::string, Error> readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    // In pieces: a buffer of the limit's size would stay with the heap for as long as the relay
    // runs.
    std::string text;
    std::array<char, 4096> piece;
    while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
        text.append(piece.data(), static_cast<size_t>(file.gcount()));
        if (text.size() > PemLimit)
            return Failure(Error{ErrorCode::BadPem, path + ": larger than 1 MiB"});
    }
    // A directory opens, but can't be read.
    if (!file.is_open() || file.bad() || !file.eof())
        return Failure(Error{ErrorCode::Unreadable, path + ": can't be read"});
    return text;
}

Result<KeyPair, Error> loadKeyPair(const std::string& chainFile, const std::string& keyFile,
                                   SystemTime now)
{
    auto chain = readFile(chainFile);
    if (!chain)
        return Failure(chain.error());
    auto key = readFile(keyFile);
    if (!key)
        return Failure(key.error());
    KeyPair pair{std::move(*chain), std::move(*key)};
    if (const auto read = readCertificates(pair.chainPem); !read)
        return Failure(Error{read.error().code, chainFile + ": " + read.error().message});
    if (const auto read = readPrivateKey(pair.keyPem); !read)
        return Failure(Error{read.error().code, keyFile + ": " + read.error().message});
    const auto checked = checkKeyPair(pair, now);
    if (!checked)
        return Failure(Error{checked.error().code,
                             chainFile + ", " + keyFile + ": " + checked.error().message});
    return pair;
}

} // namespace sallyport::tls
