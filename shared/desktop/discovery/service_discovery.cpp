#include "discovery/discovery_worker.h"

#include <sallyport/desktop/service_discovery.h>
#include <sallyport/desktop/service_guess.h>

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace sallyport::desktop {

namespace {

Evidence evidenceOf(const Listener& listener)
{
    return {listener.port, listener.process, listener.program, {}, false};
}

ListeningService serviceOf(const Listener& listener)
{
    ListeningService service;
    service.port = listener.port;
    service.host = listener.host;
    service.exposed = listener.exposed;
    service.pid = listener.pid;
    service.process = listener.process;
    service.icon = listener.icon;
    service.guess = guessService(evidenceOf(listener));
    return service;
}

} // namespace

ServiceDiscovery::ServiceDiscovery(QObject* parent)
    : ServiceDiscovery(makeListenerSource(), Options(), parent)
{}

ServiceDiscovery::ServiceDiscovery(std::unique_ptr<ListenerSource> source, Options options,
                                   QObject* parent)
    : QObject(parent),
      m_options(options),
      m_worker(new DiscoveryWorker(std::move(source))),
      m_probe(options.probing)
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &DiscoveryWorker::looked, this,
            [this](const std::shared_ptr<const ScanResult>& result) { take(*result); });
    connect(&m_probe, &ServiceProbe::answered, this, &ServiceDiscovery::learn);
    m_timer.setInterval(m_options.interval);
    connect(&m_timer, &QTimer::timeout, this, &ServiceDiscovery::refresh);
    m_thread.setObjectName("discovery");
}

ServiceDiscovery::~ServiceDiscovery()
{
    m_thread.quit();
    m_thread.wait();
    // A thread that never ran deletes nothing.
    if (!m_thread.isFinished())
        delete m_worker;
}

void ServiceDiscovery::setWatched(bool watched)
{
    if (watched == m_timer.isActive())
        return;
    if (!watched) {
        m_timer.stop();
        return;
    }
    m_timer.start();
    refresh();
}

void ServiceDiscovery::refresh()
{
    if (m_looking)
        return;
    m_looking = true;
    if (!m_thread.isRunning())
        m_thread.start(QThread::LowPriority);
    QMetaObject::invokeMethod(m_worker, &DiscoveryWorker::look, Qt::QueuedConnection);
}

void ServiceDiscovery::setOwnPorts(std::set<uint16_t> ports)
{
    m_ownPorts = std::move(ports);
}

void ServiceDiscovery::take(const ScanResult& result)
{
    m_looking = false;
    std::vector<Listener> listeners;
    if (result)
        listeners = result->listeners;
    std::erase_if(listeners,
                  [this](const Listener& one) { return m_ownPorts.count(one.port) > 0; });
    const std::string problem = result ? std::string() : result.error();
    const bool cutShort = result && result->cutShort;
    const bool differs = listeners != m_listeners || problem != m_problem || cutShort != m_cutShort;

    std::vector<ListeningService> services;
    for (const Listener& listener : listeners) {
        // The same socket still: what was learnt of it holds.
        const auto known = std::find(m_listeners.begin(), m_listeners.end(), listener);
        if (known != m_listeners.end())
            services.push_back(m_services[static_cast<size_t>(known - m_listeners.begin())]);
        else
            services.push_back(serviceOf(listener));
    }
    m_services = std::move(services);
    std::erase_if(m_silences, [&](const auto& entry) {
        return std::none_of(listeners.begin(), listeners.end(), [&](const Listener& one) {
            return one.port == entry.first.first && one.pid == entry.first.second;
        });
    });
    m_listeners = std::move(listeners);
    m_problem = problem;
    m_cutShort = cutShort;
    for (size_t i = 0; i < m_services.size(); ++i)
        if (!m_services[i].probed)
            askAbout(m_services[i], m_listeners[i]);
    if (differs)
        emit changed();
    emit looked();
}

void ServiceDiscovery::askAbout(ListeningService& service, const Listener& listener)
{
    if (!m_options.probe || listener.pid == QCoreApplication::applicationPid() ||
        isKnownWithoutAsking(evidenceOf(listener))) {
        service.probed = true;
        return;
    }
    m_probe.ask({listener.host, listener.port, listener.pid, listener.process, listener.program});
}

void ServiceDiscovery::learn(const ServiceProbe::Target& target, const ServiceGuess& guess)
{
    for (ListeningService& service : m_services) {
        if (service.port != target.port || service.host != target.host || service.pid != target.pid)
            continue;
        // A server that is just starting answers later: it is asked again at the next looks.
        const bool silent = guess.sort == ServiceGuess::Sort::Unknown;
        service.probed = !silent || ++m_silences[{target.port, target.pid}] >= MostSilences;
        if (service.guess == guess)
            continue;
        service.guess = guess;
        emit changed();
    }
}

} // namespace sallyport::desktop
