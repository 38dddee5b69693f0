// A server engine against a bare OpenSSL client, for what our own client never does.
#include "engine_pair.h"
#include "raw_client.h"

#include <QTest>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestEngineRawClient : public QObject
{
    Q_OBJECT

private slots:
    void speaksEachAllowedVersion_data();
    void speaksEachAllowedVersion();
    void refusesOldVersions_data();
    void refusesOldVersions();
    void resumesByTicket_data();
    void resumesByTicket();
    void followsKeyUpdates();
    void refusesRenegotiation();
    void endsAPeerThatAsksForAnswersWithoutEnd();
};

void TestEngineRawClient::speaksEachAllowedVersion_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("name");
    QTest::newRow("1.2") << TLS1_2_VERSION << "TLSv1.2";
    QTest::newRow("1.3") << TLS1_3_VERSION << "TLSv1.3";
}

void TestEngineRawClient::speaksEachAllowedVersion()
{
    QFETCH(int, version);
    QFETCH(QString, name);
    BufferPool pool;
    Engine server(serverContext(), pool);
    RawClient client(version);
    client.exchange(server);
    QCOMPARE(server.state(), State::Open);
    QCOMPARE(QString::fromUtf8(server.version().data()), name);
    client.write("ping");
    QCOMPARE(client.exchange(server), std::string("ping"));
    server.write(asBytes("pong"));
    server.shutdown();
    client.exchange(server);
    QCOMPARE(client.received(), std::string("pong"));
    QVERIFY(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN);
}

void TestEngineRawClient::refusesOldVersions_data()
{
    QTest::addColumn<int>("offered");
    QTest::addColumn<Version>("minimum");
    QTest::newRow("1.1 where 1.2 is asked for") << TLS1_1_VERSION << Version::Tls12;
    QTest::newRow("1.2 where 1.3 is asked for") << TLS1_2_VERSION << Version::Tls13;
}

void TestEngineRawClient::refusesOldVersions()
{
    QFETCH(int, offered);
    QFETCH(Version, minimum);
    BufferPool pool;
    Engine server(serverContext(relayKeys(), {}, minimum), pool);
    RawClient client(offered);
    client.exchange(server);
    QCOMPARE(server.state(), State::Failed);
    QCOMPARE(server.error().code, ErrorCode::ProtocolVersion);
}

void TestEngineRawClient::resumesByTicket_data()
{
    speaksEachAllowedVersion_data();
}

void TestEngineRawClient::resumesByTicket()
{
    QFETCH(int, version);
    BufferPool pool;
    const auto context = serverContext();
    RawClient client(version);
    SSL_SESSION* session = nullptr;
    {
        Engine first(context, pool);
        client.exchange(first);
        QVERIFY(!first.resumed());
        session = SSL_get1_session(client.ssl());
        QVERIFY(SSL_SESSION_is_resumable(session));
        SSL_shutdown(client.ssl());
    }
    Engine second(context, pool);
    client.restart(session);
    SSL_SESSION_free(session);
    client.exchange(second);
    QCOMPARE(second.state(), State::Open);
    QVERIFY(second.resumed());
    QVERIFY(SSL_session_reused(client.ssl()));
}

void TestEngineRawClient::followsKeyUpdates()
{
    BufferPool pool;
    Engine server(serverContext(), pool);
    RawClient client;
    client.exchange(server);
    for (int i = 0; i < 10; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
        client.write("after");
        QCOMPARE(client.exchange(server), std::string("after"));
        server.write(asBytes("."));
    }
    client.exchange(server);
    QCOMPARE(client.received(), std::string(10, '.'));
}

void TestEngineRawClient::refusesRenegotiation()
{
    BufferPool pool;
    Engine server(serverContext(), pool);
    RawClient client(TLS1_2_VERSION);
    client.exchange(server);
    SSL_renegotiate(client.ssl());
    SSL_do_handshake(client.ssl());
    const std::string hello = client.sent();
    QVERIFY(!hello.empty());
    server.receive(asBytes(hello));
    std::string plain;
    RawClient::drain(server, plain);
    // An alert, no ServerHello (RFC 5246 section 7.2.2).
    QCOMPARE(server.state(), State::Open);
    QCOMPARE(server.output().peekText(1), std::string("\x15"));
}

// --- a TLS 1.2 client's records of AES-128-GCM, made by hand ---

using Bytes = std::vector<unsigned char>;

// RFC 5246 section 6.3: the key block of a suite whose hash is SHA-256.
static Bytes keyBlock(const SSL* ssl, size_t size)
{
    Bytes master(SSL_SESSION_get_master_key(SSL_get0_session(ssl), nullptr, 0));
    SSL_SESSION_get_master_key(SSL_get0_session(ssl), master.data(), master.size());
    const std::string label = "key expansion";
    Bytes seed(label.size() + 2 * SSL3_RANDOM_SIZE);
    std::copy(label.begin(), label.end(), seed.begin());
    SSL_get_server_random(ssl, seed.data() + label.size(), SSL3_RANDOM_SIZE);
    SSL_get_client_random(ssl, seed.data() + label.size() + SSL3_RANDOM_SIZE, SSL3_RANDOM_SIZE);
    EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr);
    EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master.data(), master.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()),
        OSSL_PARAM_construct_end()};
    Bytes block(size);
    EVP_KDF_derive(context, block.data(), block.size(), parameters);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return block;
}

// RFC 5288: the record with sequence number `sequence`, whose explicit nonce is that number too.
static std::string record12(const Bytes& keys, uint64_t sequence, unsigned char type,
                            const std::string& plain)
{
    const unsigned char* key = keys.data();       // client_write_key
    const unsigned char* salt = keys.data() + 32; // client_write_IV
    unsigned char number[8];
    for (int i = 0; i < 8; ++i)
        number[i] = static_cast<unsigned char>(sequence >> (8 * (7 - i)));
    Bytes nonce(salt, salt + 4);
    nonce.insert(nonce.end(), number, number + 8);
    Bytes header(number, number + 8);
    for (const size_t byte :
         {size_t(type), size_t(3), size_t(3), plain.size() >> 8, plain.size() & 255})
        header.push_back(static_cast<unsigned char>(byte));
    EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
    Bytes sealed(plain.size() + 16);
    int n = 0;
    EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), nullptr, key, nonce.data());
    EVP_EncryptUpdate(cipher, nullptr, &n, header.data(), static_cast<int>(header.size()));
    EVP_EncryptUpdate(cipher, sealed.data(), &n,
                      reinterpret_cast<const unsigned char*>(plain.data()),
                      static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(cipher, sealed.data() + n, &n);
    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + plain.size());
    EVP_CIPHER_CTX_free(cipher);
    const size_t length = 8 + sealed.size();
    std::string wire = {static_cast<char>(type), 3, 3, static_cast<char>(length >> 8),
                        static_cast<char>(length & 255)};
    wire.append(number, number + 8);
    wire.append(sealed.begin(), sealed.end());
    return wire;
}

void TestEngineRawClient::endsAPeerThatAsksForAnswersWithoutEnd()
{
    BufferPool pool;
    Engine server(serverContext(), pool);
    RawClient client(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256");
    client.exchange(server);
    QCOMPARE(server.state(), State::Open);
    const Bytes keys = keyBlock(client.ssl(), 40);
    const std::string clientHello("\x01\0\0\0", 4);
    std::string plain;
    // Its Finished was record 0. Each ClientHello is answered by an alert of at least 31 bytes,
    // which nobody takes here.
    uint64_t sequence = 1;
    while (server.state() == State::Open && sequence < 4000) {
        const std::string wire = record12(keys, sequence++, 22, clientHello);
        server.receive(asBytes(wire));
        RawClient::drain(server, plain);
    }
    QCOMPARE(server.state(), State::Failed);
    QCOMPARE(server.error().code, ErrorCode::ProtocolError);
    QVERIFY(server.error().message.find("without end") != std::string::npos);
    QVERIFY(server.output().size() <= Engine::ReplyLimit + 64);
    QVERIFY(sequence > 1000);
}

QTEST_APPLESS_MAIN(TestEngineRawClient)
#include "tst_engine_raw_client.moc"
