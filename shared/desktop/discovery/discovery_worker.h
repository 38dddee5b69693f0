// Reads the system's tables on the thread of ServiceDiscovery.
#pragma once

#include <sallyport/desktop/listener_source.h>

#include <QObject>

#include <memory>
#include <utility>

namespace sallyport::desktop {

class DiscoveryWorker : public QObject
{
    Q_OBJECT

public:
    explicit DiscoveryWorker(std::unique_ptr<ListenerSource> source) : m_source(std::move(source))
    {}

    void look() { emit looked(std::make_shared<const ScanResult>(m_source->scan())); }

signals:
    void looked(const std::shared_ptr<const sallyport::desktop::ScanResult>& result);

private:
    std::unique_ptr<ListenerSource> m_source;
};

} // namespace sallyport::desktop
