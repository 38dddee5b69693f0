#include "pem.h"
#include "x509_builder.h"
#include "x509_reading.h"

#include <sallyport/tls/signing_request.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

namespace sallyport::tls {

static Failure<Error> badRequest(std::string message)
{
    ERR_clear_error();
    return Failure(Error{ErrorCode::BadPem, std::move(message)});
}

// OpenSSL 3 names a curve by its group.
static bool isKnownCurve(const EVP_PKEY* key)
{
    char group[64];
    size_t size = 0;
    if (EVP_PKEY_get_group_name(key, group, sizeof group, &size) != 1)
        return false;
    const std::string_view name(group, size);
    return name == "prime256v1" || name == "P-256" || name == "secp384r1" || name == "P-384" ||
           name == "secp521r1" || name == "P-521";
}

static bool isStrong(const EVP_PKEY* key)
{
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 8192;
    case EVP_PKEY_EC:
        return isKnownCurve(key);
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448:
        return true;
    default:
        return false;
    }
}

Result<RequestPtr, Error> readRequest(std::string_view pem)
{
    if (pem.size() > SigningRequest::PemLimit)
        return badRequest("a certificate request of more than 16 KiB");
    const BioPtr in = memoryBio(pem);
    RequestPtr request(PEM_read_bio_X509_REQ(in.get(), nullptr, noPassphrase, nullptr));
    if (!request)
        return badRequest("no readable certificate request in PEM form");
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    if (!key || !isStrong(key))
        return badRequest("the request's key is too weak or of a kind that is not certified; use "
                          "ECDSA P-256, Ed25519 or RSA of 2048 bits");
    if (X509_REQ_verify(request.get(), key) != 1)
        return badRequest("the request is not signed by its own key");
    ERR_clear_error();
    return request;
}

static std::vector<std::string> namesAskedFor(X509_REQ* request)
{
    STACK_OF(X509_EXTENSION)* extensions = X509_REQ_get_extensions(request);
    const NamesPtr list(static_cast<GENERAL_NAMES*>(
        X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr)));
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    return list ? subjectNames(list.get()).hosts : std::vector<std::string>();
}

Result<SigningRequest, Error> SigningRequest::fromPem(std::string_view pem)
{
    ERR_clear_error();
    const auto request = readRequest(pem);
    if (!request)
        return Failure(request.error());
    X509_REQ* raw = request.value().get();
    const auto pin = pinOf(X509_REQ_get_X509_PUBKEY(raw));
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!pin || !out || PEM_write_bio_X509_REQ(out.get(), raw) != 1)
        return libraryFailure("reading a certificate request");
    SigningRequest result;
    result.commonName = onlyCommonName(X509_REQ_get_subject_name(raw));
    result.names = namesAskedFor(raw);
    result.pin = *pin;
    result.pem = textOf(out.get());
    ERR_clear_error();
    return result;
}

static bool addNames(X509_REQ* request, const std::vector<std::string>& names)
{
    if (names.empty())
        return true;
    const NamesPtr list = namesExtension(names);
    STACK_OF(X509_EXTENSION)* extensions = nullptr;
    const bool done = list &&
                      X509V3_add1_i2d(&extensions, NID_subject_alt_name, list.get(), 0,
                                      X509V3_ADD_DEFAULT) == 1 &&
                      X509_REQ_add_extensions(request, extensions) == 1;
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    return done;
}

Result<std::string, Error> makeSigningRequest(std::string_view keyPem,
                                              const std::string& commonName,
                                              const std::vector<std::string>& names)
{
    const bool nameless = commonName.empty() && !names.empty();
    if (const auto checked = checkNames(nameless ? "none" : commonName, names); !checked)
        return Failure(checked.error());
    const auto key = readPrivateKey(keyPem);
    if (!key)
        return Failure(key.error());
    EVP_PKEY* raw = key.value().get();
    const RequestPtr request(X509_REQ_new());
    // Ed25519 and Ed448 bring their own digest.
    const int kind = EVP_PKEY_get_base_id(raw);
    const bool ownDigest = kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448;
    const bool made =
        request && X509_REQ_set_version(request.get(), 0) == 1 &&
        (nameless || addCommonName(X509_REQ_get_subject_name(request.get()), commonName)) &&
        X509_REQ_set_pubkey(request.get(), raw) == 1 && addNames(request.get(), names) &&
        X509_REQ_sign(request.get(), raw, ownDigest ? nullptr : EVP_sha256()) > 0;
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!made || !out || PEM_write_bio_X509_REQ(out.get(), request.get()) != 1)
        return libraryFailure("making a certificate request");
    return textOf(out.get());
}

Result<std::vector<std::byte>, Error> signingRequestDer(std::string_view pem)
{
    const auto request = readRequest(pem);
    if (!request)
        return Failure(request.error());
    unsigned char* der = nullptr;
    const int size = i2d_X509_REQ(request.value().get(), &der);
    if (size <= 0)
        return libraryFailure("writing a certificate request");
    const auto* bytes = reinterpret_cast<const std::byte*>(der);
    std::vector<std::byte> result(bytes, bytes + size);
    OPENSSL_free(der);
    return result;
}

} // namespace sallyport::tls
