// Session tickets under keys that contexts share.
#include "engine_pair.h"
#include "raw_client.h"

#include <sallyport/tls/ticket_keys.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestTickets : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_keys = std::make_shared<TicketKeys>(); }
    void resumesOnAnotherContextWithTheSameKeys_data() { versions(); }
    void resumesOnAnotherContextWithTheSameKeys();
    void doesNotResumeForAnotherScope_data() { versions(); }
    void doesNotResumeForAnotherScope();
    void resumesUntilTheKeyIsRotatedOut_data() { versions(); }
    void resumesUntilTheKeyIsRotatedOut();
    void resumesWithATicketOfTheRotationBefore();
    void forgetsOldKeys();
    void takesADamagedTicketForNone();

private:
    static void versions();
    std::shared_ptr<const Context> context(const std::string& scope = "a") const;
    // Both come from one client, which gets its ticket from the first.
    bool resumes(std::shared_ptr<const Context> first, std::shared_ptr<const Context> second,
                 int version, const std::function<void()>& between = {});

    std::shared_ptr<TicketKeys> m_keys;
};

void TestTickets::versions()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

std::shared_ptr<const Context> TestTickets::context(const std::string& scope) const
{
    ServerConfig config;
    config.keys = relayKeys();
    config.tickets = m_keys;
    config.sessionScope = scope;
    return Context::server(config).value();
}

bool TestTickets::resumes(std::shared_ptr<const Context> first,
                          std::shared_ptr<const Context> second, int version,
                          const std::function<void()>& between)
{
    BufferPool pool;
    RawClient client(version);
    Engine before(std::move(first), pool);
    client.exchange(before);
    SSL_SESSION* session = SSL_get1_session(client.ssl());
    SSL_shutdown(client.ssl());
    if (between)
        between();
    Engine after(std::move(second), pool);
    client.restart(session);
    SSL_SESSION_free(session);
    client.exchange(after);
    if (after.state() != State::Open)
        qWarning("%s", after.error().message.c_str());
    return after.state() == State::Open && after.resumed();
}

void TestTickets::resumesOnAnotherContextWithTheSameKeys()
{
    QFETCH(int, version);
    QVERIFY(resumes(context(), context(), version));
}

void TestTickets::doesNotResumeForAnotherScope()
{
    QFETCH(int, version);
    QVERIFY(!resumes(context("a"), context("b"), version));
}

void TestTickets::resumesUntilTheKeyIsRotatedOut()
{
    QFETCH(int, version);
    const auto rotations = [this](size_t count) {
        return [this, count] {
            for (size_t i = 0; i < count; ++i)
                m_keys->rotate();
        };
    };
    QVERIFY(resumes(context(), context(), version, rotations(TicketKeys::Kept - 1)));
    QVERIFY(!resumes(context(), context(), version, rotations(TicketKeys::Kept)));
}

void TestTickets::resumesWithATicketOfTheRotationBefore()
{
    // TLS 1.2 renews it on the way: the client is not sent back to a whole handshake later.
    BufferPool pool;
    RawClient client(TLS1_2_VERSION);
    const auto shared = context();
    Engine first(shared, pool);
    client.exchange(first);
    SSL_SESSION* old = SSL_get1_session(client.ssl());
    SSL_shutdown(client.ssl());
    m_keys->rotate();
    Engine second(shared, pool);
    client.restart(old);
    SSL_SESSION_free(old);
    client.exchange(second);
    QVERIFY(second.resumed());
    SSL_SESSION* renewed = SSL_get1_session(client.ssl());
    SSL_shutdown(client.ssl());
    for (size_t i = 1; i < TicketKeys::Kept; ++i)
        m_keys->rotate();
    Engine third(shared, pool);
    client.restart(renewed);
    SSL_SESSION_free(renewed);
    client.exchange(third);
    QVERIFY(third.resumed());
}

void TestTickets::forgetsOldKeys()
{
    const TicketKeys::KeyPtr first = m_keys->current();
    unsigned char name[16];
    std::copy(first->name.begin(), first->name.end(), name);
    QCOMPARE(m_keys->find(name), first);
    for (size_t i = 0; i < 100; ++i)
        m_keys->rotate();
    QVERIFY(!m_keys->find(name));
    QCOMPARE(first.use_count(), 1L);
}

void TestTickets::takesADamagedTicketForNone()
{
    // The name of our key in front of bytes that it never sealed.
    BufferPool pool;
    RawClient client(TLS1_2_VERSION);
    Engine first(context(), pool);
    client.exchange(first);
    SSL_SESSION* session = SSL_get1_session(client.ssl());
    const unsigned char* ticket = nullptr;
    size_t size = 0;
    SSL_SESSION_get0_ticket(session, &ticket, &size);
    QVERIFY(size > 40);
    const_cast<unsigned char*>(ticket)[size - 1] ^= 1;
    SSL_shutdown(client.ssl());
    Engine second(context(), pool);
    client.restart(session);
    SSL_SESSION_free(session);
    client.exchange(second);
    QCOMPARE(second.state(), State::Open);
    QVERIFY(!second.resumed());
}

QTEST_APPLESS_MAIN(TestTickets)
#include "tst_tickets.moc"
