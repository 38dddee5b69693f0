// The two ends of a control stream against each other, in memory.
#include "control_bytes.h"
#include "wire_samples.h"

#include <sallyport/wire/agent_control.h>
#include <sallyport/wire/relay_control.h>

#include <QTest>

#include <random>

using namespace sallyport;
using namespace sallyport::wire;
using namespace sallyport::wire::test;

class TestControlPair : public QObject
{
    Q_OBJECT

private slots:
    void aThousandTunnelsAreAskedForAndAnswered();
    void everyMessageArrivesHoweverTheBytesAreCut();
    void aRefusalReachesTheAgent();
};

namespace {

// Moves a random part of one end's output to the other; false when there was none.
template <typename From, typename To>
bool move(From& from, To& to, std::mt19937& random)
{
    const ByteView output = from.output();
    if (output.empty())
        return false;
    const size_t n = 1 + random() % output.size();
    to.receive(output.first(n));
    from.consumeOutput(n);
    return true;
}

// A relay that grants every tunnel.
void grantAll(RelayControl& relay, uint32_t& nextId)
{
    const auto grant = [&](const TunnelRequest& request) {
        return TunnelGrant{request.ref, nextId++, {}, {"https://" + request.ref}};
    };
    for (RelayControl::Event& event : takeEvents(relay)) {
        if (const auto* hello = std::get_if<Hello>(&event)) {
            Welcome welcome{"s", {}, {}};
            for (const TunnelRequest& request : hello->tunnels)
                welcome.tunnels.push_back(grant(request));
            relay.accept(std::move(welcome));
        } else if (const auto* open = std::get_if<TunnelOpen>(&event)) {
            relay.send(TunnelOpened{grant(open->tunnel)});
        }
    }
}

std::vector<std::string> grantedRefs(AgentControl& agent)
{
    std::vector<std::string> refs;
    for (const AgentControl::Event& event : takeEvents(agent)) {
        if (const auto* welcome = std::get_if<Welcome>(&event))
            for (const TunnelGrant& grant : welcome->tunnels)
                refs.push_back(grant.ref);
        else
            refs.push_back(std::get<TunnelOpened>(event).tunnel.ref);
    }
    return refs;
}

} // namespace

void TestControlPair::aThousandTunnelsAreAskedForAndAnswered()
{
    Hello hello = sampleHello();
    hello.tunnels.clear();
    for (int i = 0; i < 1000; ++i)
        hello.tunnels.push_back(sampleRequest("tunnel-" + std::to_string(i)));
    AgentControl agent({}, hello);
    RelayControl relay({});
    std::mt19937 random(1);
    uint32_t nextId = 1;
    std::vector<std::string> granted;
    for (bool moved = true; moved;) {
        moved = move(agent, relay, random);
        grantAll(relay, nextId);
        moved = move(relay, agent, random) || moved;
        for (std::string& ref : grantedRefs(agent))
            granted.push_back(std::move(ref));
    }
    QCOMPARE(granted.size(), 1000u);
    for (size_t i = 0; i < granted.size(); ++i)
        QCOMPARE(granted[i], "tunnel-" + std::to_string(i));
}

void TestControlPair::everyMessageArrivesHoweverTheBytesAreCut()
{
    for (uint32_t seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        AgentControl agent({}, sampleHello());
        RelayControl relay({});
        uint32_t nextId = 1;
        while (!agent.isOpen()) {
            (void)move(agent, relay, random);
            grantAll(relay, nextId);
            (void)move(relay, agent, random);
            (void)grantedRefs(agent);
        }
        std::vector<uint32_t> failed;
        for (uint32_t i = 1; i <= 20; ++i)
            agent.send(
                StreamFailed{2 * i, StreamFailure::UpstreamRefused, std::string(i * 7, 'x')});
        while (move(agent, relay, random))
            for (const RelayControl::Event& event : takeEvents(relay))
                failed.push_back(std::get<StreamFailed>(event).stream);
        QCOMPARE(failed.size(), 20u);
        for (uint32_t i = 0; i < 20; ++i)
            QVERIFY2(failed[i] == 2 * (i + 1), std::to_string(seed).c_str());
    }
}

void TestControlPair::aRefusalReachesTheAgent()
{
    AgentControl agent({}, sampleHello());
    RelayControl relay({});
    relay.receive(agent.output());
    QVERIFY(isOnly<Hello>(takeEvents(relay)));
    relay.refuse(Refusal(RefusalCode::BadCredentials));
    agent.receive(relay.output());
    agent.receiveEnd();
    const auto events = takeEvents(agent);
    QVERIFY(std::get<Refuse>(events.at(0)).refusal == Refusal(RefusalCode::BadCredentials));
    QVERIFY(!std::get<Refuse>(events.at(0)).refusal.retry);
}

QTEST_APPLESS_MAIN(TestControlPair)
#include "tst_control_pair.moc"
