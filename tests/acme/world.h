// A manager and a certificate authority on a simulated clock.
#pragma once

#include "fake_ca.h"

#include <sallyport/acme/manager.h>

namespace sallyport::acme::test {

struct World
{
    FakeCa ca;
    ManagerConfig config;
    std::unique_ptr<Manager> manager;
    Now now{TimePoint(1000h), tls::SystemTime(24h * 20'000)};
    std::vector<ManagerEvent> events;
    bool present = true; // challenges are published as soon as they are asked for
    std::string presentTrouble;
    bool unreachable = false;
    uint32_t random = 0;

    World()
    {
        config.client.directoryUrl = FakeCa::DirectoryUrl;
        config.challenges = {ChallengeType::Http01, ChallengeType::TlsAlpn01, ChallengeType::Dns01};
    }

    Manager& start()
    {
        manager = std::make_unique<Manager>(config, AccountKey::make().value(),
                                            [this] { return random; });
        return *manager;
    }

    void want(const std::string& name, std::optional<tls::KeyPair> stored = {},
              std::optional<UnfinishedOrder> order = {})
    {
        if (!manager)
            start();
        manager->want({name, {name}, std::move(stored), std::move(order)}, now);
    }

    // Everything that happens without time passing.
    void run()
    {
        ca.now = now.wall;
        for (bool busy = true; busy;) {
            busy = false;
            while (auto request = manager->takeRequest(now)) {
                busy = true;
                if (unreachable)
                    manager->requestFailed(request->id, "connection refused", now);
                else
                    manager->receive(request->id, ca.answer(*request), now);
            }
            while (auto event = manager->nextEvent()) {
                busy = true;
                if (const auto* wanted = std::get_if<PresentChallenge>(&*event)) {
                    if (!presentTrouble.empty())
                        manager->presentFailed(*wanted, presentTrouble, now);
                    else if (present)
                        manager->presented(*wanted, now);
                }
                events.push_back(std::move(*event));
            }
        }
    }

    // Until nothing is due within `time`; then as much time has passed.
    void runFor(Duration time)
    {
        const TimePoint end = now.steady + time;
        run();
        for (int i = 0; i < 100'000; ++i) {
            const auto next = manager->nextDeadline(now);
            if (!next || *next > end)
                break;
            pass(std::max(*next - now.steady, Duration(0)));
            manager->handleTimeout(now);
            run();
        }
        pass(end - now.steady);
        manager->handleTimeout(now);
        run();
    }

    void pass(Duration time)
    {
        now.steady += time;
        now.wall += std::chrono::duration_cast<tls::SystemTime::duration>(time);
        ca.now = now.wall;
    }

    template <typename T>
    std::vector<T> all() const
    {
        std::vector<T> found;
        for (const auto& event : events)
            if (const auto* one = std::get_if<T>(&event))
                found.push_back(*one);
        return found;
    }

    CertificateStatus status(const std::string& id) const
    {
        for (const auto& status : manager->statuses(now))
            if (status.id == id)
                return status;
        return {};
    }
    size_t count(const std::string& line) const
    {
        return size_t(std::count_if(ca.log.begin(), ca.log.end(),
                                    [&](const auto& l) { return l.starts_with(line); }));
    }
};

} // namespace sallyport::acme::test
