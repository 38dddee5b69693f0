// Services of a developer's computer, for the demonstration.
#pragma once

#include <sallyport/desktop/listener_source.h>
#include <sallyport/desktop/service_discovery.h>

namespace sallyport::gui::demo {

class FakeServices : public desktop::ListenerSource
{
public:
    explicit FakeServices(bool none = false) : m_none(none) {}
    desktop::ScanResult scan() override;

    // Nothing on the network is asked.
    static desktop::ServiceDiscovery::Options options();

private:
    bool m_none;
};

} // namespace sallyport::gui::demo
