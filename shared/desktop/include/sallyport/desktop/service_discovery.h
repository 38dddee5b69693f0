// The TCP services that listen on this computer, found by asking the system, and what each of them
// seems to be.
//
//     ServiceDiscovery discovery;
//     connect(&discovery, &ServiceDiscovery::changed, ...discovery.services()...);
//     discovery.setWatched(true); // while a page shows them; looks at once, then every 3 s
//
// Threads: that of the object; the system is read on a thread of its own, which the destructor
// waits for (its time is bounded). Limits: 2,000 sockets and 400 ms for each look; what lies beyond
// is left out, and cutShort() says so. Arguments of processes are looked at for known programs
// ("vite") and never kept, since they may hold secrets.
#pragma once

#include <sallyport/desktop/listener_source.h>
#include <sallyport/desktop/listening_service.h>
#include <sallyport/desktop/service_probe.h>

#include <QObject>
#include <QThread>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::desktop {

class DiscoveryWorker;

class ServiceDiscovery : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        std::chrono::milliseconds interval{3000};
        bool probe = true; // ask services on loopback what they are
        ServiceProbe::Options probing;
    };

    explicit ServiceDiscovery(QObject* parent = nullptr);
    ServiceDiscovery(std::unique_ptr<ListenerSource> source, Options options,
                     QObject* parent = nullptr);
    ~ServiceDiscovery() override;

    void setWatched(bool watched);
    bool isWatched() const { return m_timer.isActive(); }
    // Looks once, now, watched or not. Ends in looked().
    void refresh();
    // Ports of our own that are neither listed nor asked.
    void setOwnPorts(std::set<uint16_t> ports);

    // Sorted by port.
    const std::vector<ListeningService>& services() const { return m_services; }
    bool isLooking() const { return m_looking; }
    bool cutShort() const { return m_cutShort; }
    // A sentence when this system cannot be asked; empty otherwise.
    const std::string& problem() const { return m_problem; }

signals:
    // services(), problem() or cutShort() are others now.
    void changed();
    // A look has ended, with or without a change.
    void looked();

private:
    void take(const ScanResult& result);
    void learn(const ServiceProbe::Target& target, const ServiceGuess& guess);
    void askAbout(ListeningService& service, const Listener& listener);

    static constexpr int MostSilences = 3;

    Options m_options;
    QThread m_thread;
    DiscoveryWorker* m_worker; // lives on m_thread
    QTimer m_timer;
    ServiceProbe m_probe;
    std::set<uint16_t> m_ownPorts;
    std::vector<ListeningService> m_services;
    std::vector<Listener> m_listeners; // those that m_services were made of, in the same order
    std::map<std::pair<uint16_t, int64_t>, int> m_silences; // of those that did not answer
    std::string m_problem;
    bool m_looking = false;
    bool m_cutShort = false;
};

} // namespace sallyport::desktop
