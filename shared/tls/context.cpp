#include "context_callbacks.h"
#include "host_name.h"
#include "pem.h"

#include <sallyport/tls/context.h>
#include <sallyport/tls/engine.h>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace sallyport::tls {

using ContextResult = Result<std::shared_ptr<const Context>, Error>;

// AES-128 first: it protects as well as its handshake does, and is the fastest with AES
// instructions. A peer without them puts ChaCha20 first, and is followed
// (SSL_OP_PRIORITIZE_CHACHA).
static constexpr const char* Suites13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// Elliptic curves alone: with finite fields of up to 8192 bits a stranger could make us work a
// hundred times as long as with these. The hybrid against quantum computers where the library has
// it.
static constexpr const char* GroupsWithHybrid = "X25519MLKEM768:X25519:P-256:P-384";
static constexpr const char* Groups = "X25519:P-256:P-384";
static constexpr const char* Suites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE+AESGCM:ECDHE+CHACHA20";

static Failure<Error> badConfiguration(std::string message)
{
    ERR_clear_error();
    return Failure(Error{ErrorCode::BadConfiguration, std::move(message)});
}

static Failure<Error> outOfMemory()
{
    Error error{ErrorCode::Internal, "OpenSSL can't make a TLS context: " + libraryReason()};
    ERR_clear_error();
    return Failure(std::move(error));
}

static bool useGroups(SSL_CTX* ctx)
{
    if (SSL_CTX_set1_groups_list(ctx, GroupsWithHybrid) == 1)
        return true;
    ERR_clear_error();
    return SSL_CTX_set1_groups_list(ctx, Groups) == 1;
}

static bool applyCommon(SSL_CTX* ctx, Version minimum)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              // A chain is what was given, not what trusted authorities add to it.
                              SSL_MODE_NO_AUTO_CHAIN);
    // Tickets need no table, and a table would grow with the number of visitors.
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, static_cast<long>(Engine::HandshakeLimit));
    ContextCallbacks::install(ctx);
    const int version = minimum == Version::Tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
    return SSL_CTX_set_min_proto_version(ctx, version) == 1 && useGroups(ctx) &&
           SSL_CTX_set_ciphersuites(ctx, Suites13) == 1 &&
           SSL_CTX_set_cipher_list(ctx, Suites12) == 1;
}

// RFC 7301 section 3.1: names of 1 to 255 bytes, each behind its length.
static Result<std::vector<unsigned char>, Error> alpnWire(const AlpnList& names)
{
    std::vector<unsigned char> wire;
    for (const std::string& name : names) {
        if (name.empty() || name.size() > 255)
            return badConfiguration("an application protocol's name has 1 to 255 bytes");
        wire.push_back(static_cast<unsigned char>(name.size()));
        wire.insert(wire.end(), name.begin(), name.end());
    }
    if (wire.size() > 4096)
        return badConfiguration("the application protocols take more than 4096 bytes");
    return wire;
}

static Result<void, Error> useKeys(SSL_CTX* ctx, const KeyPair& keys)
{
    const auto chain = readCertificates(keys.chainPem);
    if (!chain)
        return Failure(chain.error());
    const auto key = readPrivateKey(keys.keyPem);
    if (!key)
        return Failure(key.error());
    X509* leaf = chain.value().front().get();
    if (X509_check_private_key(leaf, key.value().get()) != 1) {
        ERR_clear_error();
        return Failure(Error{ErrorCode::KeyMismatch,
                             "the private key does not belong to the first certificate"});
    }
    if (SSL_CTX_use_certificate(ctx, leaf) != 1 ||
        SSL_CTX_use_PrivateKey(ctx, key.value().get()) != 1)
        return badConfiguration("OpenSSL refuses the certificate: " + libraryReason());
    for (size_t i = 1; i < chain.value().size(); ++i)
        if (SSL_CTX_add1_chain_cert(ctx, chain.value()[i].get()) != 1)
            return badConfiguration("OpenSSL refuses certificate " + std::to_string(i + 1) +
                                    " of the chain: " + libraryReason());
    return {};
}

static Result<void, Error> trustPem(SSL_CTX* ctx, const std::string& pem);

// The names of the authorities go into the request, so that a client with several certificates
// finds the right one; a long list would only make the handshake long.
static void nameAuthorities(SSL_CTX* ctx, const std::string& pem)
{
    constexpr size_t Named = 16;
    const auto authorities = readCertificates(pem, Named);
    if (!authorities)
        return ERR_clear_error();
    for (const X509Ptr& authority : authorities.value())
        SSL_CTX_add_client_CA(ctx, authority.get());
}

static Result<void, Error> addLists(X509_STORE* store, const std::string& pem)
{
    const BioPtr in = memoryBio(pem);
    size_t count = 0;
    while (true) {
        const CrlPtr list(PEM_read_bio_X509_CRL(in.get(), nullptr, noPassphrase, nullptr));
        if (!list)
            break;
        if (X509_STORE_add_crl(store, list.get()) != 1)
            return badConfiguration("OpenSSL refuses a revocation list: " + libraryReason());
        ++count;
    }
    ERR_clear_error();
    if (count == 0)
        return badConfiguration("the revocation lists hold none in PEM form");
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return {};
}

static Result<void, Error> askClients(SSL_CTX* ctx, const ClientTrust& clients)
{
    if (const auto trusted = trustPem(ctx, clients.authorities); !trusted)
        return Failure(trusted.error());
    nameAuthorities(ctx, clients.authorities);
    X509_STORE* store = SSL_CTX_get_cert_store(ctx);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify_depth(ctx, ClientTrust::ChainDepth);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
    ContextCallbacks::requestCertificate(ctx, clients.required);
    if (!clients.revocationLists.empty())
        return addLists(store, clients.revocationLists);
    return {};
}

static bool useSessions(SSL_CTX* ctx, const std::string& scope)
{
    unsigned char digest[SSL_MAX_SID_CTX_LENGTH];
    static_assert(sizeof digest == 32, "the length of a SHA-256");
    if (EVP_Digest(scope.data(), scope.size(), digest, nullptr, EVP_sha256(), nullptr) != 1)
        return false;
    constexpr auto lifetime = std::chrono::seconds(TicketKeys::TicketLifetime).count();
    SSL_CTX_set_timeout(ctx, static_cast<long>(lifetime));
    return SSL_CTX_set_session_id_context(ctx, digest, sizeof digest) == 1;
}

ContextResult Context::server(const ServerConfig& config)
{
    ERR_clear_error();
    auto alpn = alpnWire(config.alpn);
    if (!alpn)
        return Failure(alpn.error());
    if (config.requireAlpn && alpn->empty())
        return badConfiguration("an application protocol is required, but none is named");
    std::shared_ptr<Context> context(new Context(Role::Server));
    context->m_alpn = std::move(*alpn);
    context->m_requireAlpn = config.requireAlpn;
    context->m_ctx = SSL_CTX_new(TLS_server_method());
    if (!context->m_ctx || !applyCommon(context->m_ctx, config.minimum))
        return outOfMemory();
    if (const auto used = useKeys(context->m_ctx, config.keys); !used)
        return Failure(used.error());
    if (config.clients)
        if (const auto asked = askClients(context->m_ctx, *config.clients); !asked)
            return Failure(asked.error());
    if (!useSessions(context->m_ctx, config.sessionScope))
        return outOfMemory();
    if (config.tickets) {
        context->m_tickets = config.tickets;
        ContextCallbacks::installTickets(context->m_ctx, context.get());
    }
    if (!context->m_alpn.empty())
        ContextCallbacks::installAlpn(context->m_ctx, context.get());
    return std::shared_ptr<const Context>(std::move(context));
}

static Result<void, Error> trustSystem(SSL_CTX* ctx)
{
#if defined(_WIN32) && OPENSSL_VERSION_NUMBER >= 0x30200000L
    const int done = SSL_CTX_load_verify_store(ctx, "org.openssl.winstore://");
#else
    const int done = SSL_CTX_set_default_verify_paths(ctx);
#endif
    if (done != 1)
        return badConfiguration("the system's certificate authorities can't be used: " +
                                libraryReason());
    return {};
}

static Result<void, Error> trustPem(SSL_CTX* ctx, const std::string& pem)
{
    const auto authorities = readCertificates(pem, PemLimit);
    if (!authorities)
        return Failure(authorities.error());
    X509_STORE* store = SSL_CTX_get_cert_store(ctx);
    for (const X509Ptr& authority : authorities.value())
        if (X509_STORE_add_cert(store, authority.get()) != 1)
            return badConfiguration("OpenSSL refuses a certificate authority: " + libraryReason());
    return {};
}

static Result<void, Error> trustFile(SSL_CTX* ctx, const std::string& path)
{
    if (SSL_CTX_load_verify_file(ctx, path.c_str()) == 1)
        return {};
    Error error{ErrorCode::Unreadable,
                path + ": no certificate authority can be read from it: " + libraryReason()};
    ERR_clear_error();
    return Failure(std::move(error));
}

static Result<void, Error> applyTrust(SSL_CTX* ctx, const Trust& trust)
{
    if (const auto* pem = std::get_if<CaPem>(&trust))
        return trustPem(ctx, pem->pem);
    if (const auto* file = std::get_if<CaFile>(&trust))
        return trustFile(ctx, file->path);
    if (const auto* pinned = std::get_if<PinnedKeys>(&trust)) {
        if (pinned->pins.empty())
            return badConfiguration("a list of pinned keys is empty");
        return {};
    }
    return trustSystem(ctx);
}

ContextResult Context::client(const ClientConfig& config)
{
    ERR_clear_error();
    auto alpn = alpnWire(config.alpn);
    if (!alpn)
        return Failure(alpn.error());
    if (config.requireAlpn && alpn->empty())
        return badConfiguration("an application protocol is required, but none is named");
    if (!config.serverName.empty() && !isDnsName(config.serverName) &&
        !parseIpAddress(config.serverName))
        return badConfiguration("\"" + config.serverName +
                                "\" is neither a host name nor an IP address");
    std::shared_ptr<Context> context(new Context(Role::Client));
    context->m_serverName = config.serverName;
    context->m_alpn = std::move(*alpn);
    context->m_requireAlpn = config.requireAlpn;
    context->m_ctx = SSL_CTX_new(TLS_client_method());
    if (!context->m_ctx || !applyCommon(context->m_ctx, config.minimum))
        return outOfMemory();
    if (const auto applied = applyTrust(context->m_ctx, config.trust); !applied)
        return Failure(applied.error());
    ContextCallbacks::requireTrust(context->m_ctx);
    if (const auto* pinned = std::get_if<PinnedKeys>(&config.trust)) {
        context->m_pins = pinned->pins;
        ContextCallbacks::installPins(context->m_ctx, context.get());
    }
    if (config.keys)
        if (const auto used = useKeys(context->m_ctx, *config.keys); !used)
            return Failure(used.error());
    // SSL_CTX_set_alpn_protos() returns 0 for success, unlike its siblings.
    if (!context->m_alpn.empty() &&
        SSL_CTX_set_alpn_protos(context->m_ctx, context->m_alpn.data(),
                                static_cast<unsigned>(context->m_alpn.size())) != 0)
        return outOfMemory();
    return std::shared_ptr<const Context>(std::move(context));
}

Context::~Context()
{
    SSL_CTX_free(m_ctx);
}

} // namespace sallyport::tls
