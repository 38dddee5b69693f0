#include "pem.h"
#include "x509_builder.h"

#include <sallyport/tls/private_key.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace sallyport::tls {

namespace {

constexpr int Rounds = 600'000;
constexpr int SaltSize = 16;

using PlainPtr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>>;
using SealedPtr = std::unique_ptr<X509_SIG, Freer<X509_SIG_free>>;
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, Freer<X509_ALGOR_free>>;

int givePassphrase(char* buffer, int size, int, void* user)
{
    const std::string_view text = static_cast<const Secret*>(user)->reveal();
    if (text.size() > static_cast<size_t>(size))
        return -1;
    std::memcpy(buffer, text.data(), text.size());
    return static_cast<int>(text.size());
}

} // namespace

bool isEncryptedKey(std::string_view pem)
{
    return pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos ||
           pem.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
}

Result<std::string, Error> encryptKey(std::string_view keyPem, const Secret& passphrase)
{
    const auto key = readPrivateKey(keyPem);
    if (!key)
        return Failure(key.error());
    const PlainPtr plain(EVP_PKEY2PKCS8(key.value().get()));
    AlgorithmPtr algorithm(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), Rounds, nullptr, SaltSize, nullptr,
                                             NID_hmacWithSHA256));
    if (!plain || !algorithm)
        return libraryFailure("encrypting a key");
    const std::string_view text = passphrase.reveal();
    const SealedPtr sealed(
        PKCS8_set0_pbe(text.data(), static_cast<int>(text.size()), plain.get(), algorithm.get()));
    if (!sealed)
        return libraryFailure("encrypting a key");
    algorithm.release(); // it is part of the sealed key now
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1)
        return libraryFailure("encrypting a key");
    return textOf(out.get());
}

Result<std::string, Error> decryptKey(std::string_view pem, const Secret& passphrase)
{
    if (pem.size() > PemLimit)
        return Failure(Error{ErrorCode::BadPem, "more than 1 MiB where a key was expected"});
    ERR_clear_error();
    const BioPtr in = memoryBio(pem);
    const KeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, givePassphrase,
                                             const_cast<Secret*>(&passphrase)));
    ERR_clear_error();
    if (!key)
        return Failure(
            Error{ErrorCode::EncryptedKey, "the pass phrase does not open this private key"});
    std::string text = pemOf(key.get());
    if (text.empty())
        return libraryFailure("reading a key");
    return text;
}

} // namespace sallyport::tls
