// What OpenSSL asks back during a handshake. Private to this library.
//
// Each callback finds its engine in the SSL object's application data and only notes what it saw
// there; the engine turns it into an error when the call into OpenSSL has returned.
#pragma once

#include "openssl.h"

namespace sallyport::tls {

class Context;

struct ContextCallbacks
{
    static void install(SSL_CTX* ctx);
    static void installAlpn(SSL_CTX* ctx, Context* context);
    // Tickets are sealed and opened by the context's shared keys.
    static void installTickets(SSL_CTX* ctx, Context* context);
    // The handshake fails unless the peer shows a certificate that verifies.
    static void requireTrust(SSL_CTX* ctx);
    // Clients are asked for a certificate, which must verify when there is one.
    static void requestCertificate(SSL_CTX* ctx, bool required);
    // Replaces the verification of the chain: the key must be one of the context's.
    static void installPins(SSL_CTX* ctx, Context* context);

private:
    static void noteAlert(const SSL* ssl, int where, int value);
    static int selectAlpn(SSL* ssl, const unsigned char** chosen, unsigned char* chosenSize,
                          const unsigned char* offered, unsigned offeredSize, void* context);
    static int sealTicket(SSL* ssl, unsigned char name[16], unsigned char iv[EVP_MAX_IV_LENGTH],
                          EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int sealing);
    static int noteCertificate(int accepted, X509_STORE_CTX* store);
    static int checkPins(X509_STORE_CTX* store, void* context);
};

} // namespace sallyport::tls
