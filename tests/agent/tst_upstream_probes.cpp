// Looks at upstreams: how many at once, and that those in line do not pile up.
#include "upstream_probes.h"

#include <QTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::agent;

namespace {

// Lets nobody in: its queue is one long, and full, so that who comes next waits.
class FullListener
{
public:
    FullListener()
    {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        m_listener = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(m_listener, reinterpret_cast<sockaddr*>(&place), size) != 0 ||
            listen(m_listener, 0) != 0 ||
            getsockname(m_listener, reinterpret_cast<sockaddr*>(&place), &size) != 0)
            qFatal("no listener");
        m_port = ntohs(place.sin_port);
        m_visitor = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(m_visitor, reinterpret_cast<sockaddr*>(&place), size) != 0)
            qFatal("no visitor");
    }
    ~FullListener()
    {
        close(m_visitor);
        close(m_listener);
    }
    std::string upstream() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    int m_listener = -1;
    int m_visitor = -1;
    uint16_t m_port = 0;
};

struct Owner final : UpstreamProbesOwner
{
    void upstreamAnswered(Tunnel&) override {}
    void upstreamFailed(Tunnel&, const UpstreamError&) override {}
};

std::shared_ptr<Tunnel> openTunnel(const std::string& upstream)
{
    TunnelSpec spec;
    spec.config.kind = config::TunnelKind::Http;
    spec.config.upstream = config::Upstream::parse(upstream, config::TunnelKind::Http).value();
    auto tunnel = std::make_shared<Tunnel>("t", std::move(spec));
    tunnel->state = TunnelState::Open;
    return tunnel;
}

} // namespace

class TestUpstreamProbes : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void aFewAreLookedAtAtOnceAndTheOthersWaitOnce()
    {
        const FullListener full;
        Owner owner;
        UpstreamProbes probes(m_io, owner);
        probes.configure(std::chrono::hours(1), std::chrono::hours(1));
        std::vector<std::shared_ptr<Tunnel>> tunnels;
        for (size_t i = 0; i < UpstreamProbes::AtOnce + 5; ++i) {
            tunnels.push_back(openTunnel(full.upstream()));
            probes.look(tunnels.back());
        }
        QCOMPARE(probes.underWay(), UpstreamProbes::AtOnce);
        QCOMPARE(probes.waiting(), size_t(5));
        // As when the configuration is read again and again.
        for (int times = 0; times < 100; ++times)
            probes.look(tunnels.back());
        QCOMPARE(probes.waiting(), size_t(5));
        tunnels.clear();
        const auto another = openTunnel(full.upstream());
        probes.look(another);
        QCOMPARE(probes.waiting(), size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestUpstreamProbes)
#include "tst_upstream_probes.moc"
