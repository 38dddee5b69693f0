#include "context_callbacks.h"

#include <sallyport/tls/context.h>
#include <sallyport/tls/engine.h>

#include <openssl/crypto.h>

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
