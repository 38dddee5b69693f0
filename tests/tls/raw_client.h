// A bare OpenSSL client over memory BIOs, for what our own client never does: old versions,
// tickets, key updates, renegotiation.
#pragma once

#include <sallyport/tls/engine.h>

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::tls::test {

class RawClient
{
public:
    explicit RawClient(int version = TLS1_3_VERSION, const char* ciphers12 = nullptr)
        : m_ctx(SSL_CTX_new(TLS_client_method()), SSL_CTX_free)
    {
        SSL_CTX_set_min_proto_version(m_ctx.get(), version);
        SSL_CTX_set_max_proto_version(m_ctx.get(), version);
        SSL_CTX_set_session_cache_mode(m_ctx.get(), SSL_SESS_CACHE_CLIENT);
        // Old versions are below the default security level.
        SSL_CTX_set_security_level(m_ctx.get(), 0);
        if (ciphers12)
            SSL_CTX_set_cipher_list(m_ctx.get(), ciphers12);
        restart();
    }

    // A new connection, which resumes the session when one is given.
    void restart(SSL_SESSION* session = nullptr)
    {
        m_ssl.reset(SSL_new(m_ctx.get()));
        SSL_set_bio(m_ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(m_ssl.get());
        if (session)
            SSL_set_session(m_ssl.get(), session);
    }

    // Both ways until nothing moves; the engine's plaintext is returned.
    std::string exchange(Engine& engine)
    {
        std::string atEngine;
        bool moved = true;
        while (moved) {
            moved = false;
            pull();
            if (const std::string wire = sent(); !wire.empty()) {
                engine.receive(asBytes(wire));
                drain(engine, atEngine);
                moved = true;
            }
            if (const std::string wire = engine.output().peekText(); !wire.empty()) {
                engine.output().clear();
                BIO_write(SSL_get_rbio(m_ssl.get()), wire.data(), static_cast<int>(wire.size()));
                moved = true;
            }
        }
        return atEngine;
    }

    // What the client has put on the wire since the last call.
    std::string sent()
    {
        char* data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(m_ssl.get()), &data);
        std::string wire(data, static_cast<size_t>(size));
        (void)BIO_reset(SSL_get_wbio(m_ssl.get()));
        return wire;
    }

    void write(const std::string& text)
    {
        SSL_write(m_ssl.get(), text.data(), static_cast<int>(text.size()));
    }

    SSL* ssl() const { return m_ssl.get(); }
    const std::string& received() const { return m_received; }

    static void drain(Engine& engine, std::string& sink)
    {
        std::vector<std::byte> buffer(64 * 1024);
        while (const size_t n = engine.read(buffer))
            sink.append(asText(ByteView(buffer).first(n)));
    }

private:
    void pull()
    {
        char buffer[4096];
        int n = 0;
        while ((n = SSL_read(m_ssl.get(), buffer, sizeof buffer)) > 0)
            m_received.append(buffer, static_cast<size_t>(n));
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> m_ctx;
    std::unique_ptr<SSL, decltype(&SSL_free)> m_ssl{nullptr, SSL_free};
    std::string m_received;
};

} // namespace sallyport::tls::test
