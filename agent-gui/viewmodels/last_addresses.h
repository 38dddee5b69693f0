// The addresses that tunnels had when they were last open, so that an outage or a pause does not
// take them off the screen. As many as there are tunnels; one whose settings changed is forgotten.
//
// Threads: that of the object.
#pragma once

#include <sallyport/control/agent_control.h>

#include <map>
#include <string>
#include <vector>

namespace sallyport::gui {

class LastAddresses
{
public:
    void note(const std::vector<control::TunnelView>& tunnels);
    // The address that is, or was; empty: none is known.
    std::string of(const control::TunnelView& tunnel) const;

private:
    struct Last
    {
        config::TunnelConfig config;
        std::string url;
    };
    std::map<std::string, Last> m_byRef;
};

} // namespace sallyport::gui
