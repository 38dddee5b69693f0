#include "context_callbacks.h"

#include <sallyport/tls/context.h>
#include <sallyport/tls/engine.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>

namespace sallyport::tls {

static Engine* engineOf(const SSL* ssl)
{
    return static_cast<Engine*>(SSL_get_app_data(ssl));
}

static Engine* engineOf(X509_STORE_CTX* store)
{
    const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
    return engineOf(static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, index)));
}

void ContextCallbacks::install(SSL_CTX* ctx)
{
    SSL_CTX_set_info_callback(ctx, noteAlert);
}

void ContextCallbacks::installAlpn(SSL_CTX* ctx, Context* context)
{
    SSL_CTX_set_alpn_select_cb(ctx, selectAlpn, context);
}

void ContextCallbacks::installTickets(SSL_CTX* ctx, Context* context)
{
    SSL_CTX_set_app_data(ctx, context);
    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, sealTicket);
}

void ContextCallbacks::requireTrust(SSL_CTX* ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, noteCertificate);
}

void ContextCallbacks::requestCertificate(SSL_CTX* ctx, bool required)
{
    SSL_CTX_set_verify(ctx,
                       SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE |
                           (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       noteCertificate);
}

void ContextCallbacks::installPins(SSL_CTX* ctx, Context* context)
{
    SSL_CTX_set_cert_verify_callback(ctx, checkPins, context);
}

void ContextCallbacks::noteAlert(const SSL* ssl, int where, int value)
{
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT)
        engineOf(ssl)->m_alertReceived = value & 0xff;
}

int ContextCallbacks::selectAlpn(SSL*, const unsigned char** chosen, unsigned char* chosenSize,
                                 const unsigned char* offered, unsigned offeredSize, void* context)
{
    const auto* self = static_cast<const Context*>(context);
    unsigned char* match = nullptr;
    const int found =
        SSL_select_next_proto(&match, chosenSize, self->m_alpn.data(),
                              static_cast<unsigned>(self->m_alpn.size()), offered, offeredSize);
    if (found != OPENSSL_NPN_NEGOTIATED)
        return self->m_requireAlpn ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

static constexpr int AesBlock = 16; // bytes of the initialization vector

static bool useTicketKey(const TicketKeys::Key& key, const unsigned char* iv,
                         EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool sealing)
{
    // Fetched once: looking the algorithm up anew costs as much as the rest of a ticket.
    static const EVP_CIPHER* const aes = EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
    // OpenSSL's parameters are not const, and it does not write to these.
    auto* const macKey = const_cast<unsigned char*>(key.mac.data());
    char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, macKey, key.mac.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return aes && EVP_MAC_CTX_set_params(mac, params) == 1 &&
           EVP_CipherInit_ex(cipher, aes, nullptr, key.cipher.data(), iv, sealing ? 1 : 0) == 1;
}

// -1: failure, 0: no ticket, or one that is not ours; 1: done; 2: done, and the client should get
// a newer one. (SSL_CTX_set_tlsext_ticket_key_evp_cb(3))
int ContextCallbacks::sealTicket(SSL* ssl, unsigned char name[16],
                                 unsigned char iv[EVP_MAX_IV_LENGTH], EVP_CIPHER_CTX* cipher,
                                 EVP_MAC_CTX* mac, int sealing)
{
    const auto* context = static_cast<const Context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const TicketKeys::KeyPtr current = context->m_tickets->current();
    if (sealing) {
        std::copy(current->name.begin(), current->name.end(), name);
        if (RAND_bytes(iv, AesBlock) != 1)
            return -1;
        return useTicketKey(*current, iv, cipher, mac, true) ? 1 : -1;
    }
    unsigned char wanted[16];
    std::copy_n(name, sizeof wanted, wanted);
    const TicketKeys::KeyPtr key = context->m_tickets->find(wanted);
    if (!key)
        return 0;
    if (!useTicketKey(*key, iv, cipher, mac, false))
        return -1;
    return key == current ? 1 : 2;
}

static std::string describeNames(const Certificate& certificate)
{
    constexpr size_t Shown = 5;
    std::string text;
    for (size_t i = 0; i < certificate.names.size() && i < Shown; ++i)
        text += (i ? ", " : "") + certificate.names[i];
    if (certificate.names.size() > Shown)
        text += ", ...";
    return text.empty() ? "no name at all" : text;
}

static std::string describeClient(const Certificate& certificate)
{
    constexpr size_t Shown = 200;
    return certificate.subject.substr(0, Shown) + ", serial " + certificate.serial;
}

int ContextCallbacks::noteCertificate(int accepted, X509_STORE_CTX* store)
{
    if (accepted == 1)
        return 1;
    // Lists of the authorities above the issuer are often not at hand.
    if (X509_STORE_CTX_get_error(store) == X509_V_ERR_UNABLE_TO_GET_CRL &&
        X509_STORE_CTX_get_error_depth(store) > 0) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    Engine* engine = engineOf(store);
    if (const auto leaf = Certificate::fromX509(X509_STORE_CTX_get0_cert(store)))
        engine->m_peerNote = engine->m_context->m_role == Role::Server ? describeClient(*leaf)
                                                                       : describeNames(*leaf);
    return 0;
}

int ContextCallbacks::checkPins(X509_STORE_CTX* store, void* context)
{
    const auto* self = static_cast<const Context*>(context);
    const X509* leaf = X509_STORE_CTX_get0_cert(store);
    const auto certificate = leaf ? Certificate::fromX509(leaf) : std::nullopt;
    bool matches = false;
    for (const SpkiPin& pin : self->m_pins)
        if (certificate && CRYPTO_memcmp(pin.sha256.data(), certificate->pin.sha256.data(),
                                         pin.sha256.size()) == 0)
            matches = true;
    if (!matches && certificate)
        engineOf(store)->m_peerNote = certificate->pin.toString();
    X509_STORE_CTX_set_error(store, matches ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return matches ? 1 : 0;
}

} // namespace sallyport::tls
