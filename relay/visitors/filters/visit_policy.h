// Who may visit one tunnel, compiled once when the tunnel opens or its policy changes. Immutable;
// shared by route tables and everybody who reads them.
#pragma once

#include "visitors/filters/filter.h"
#include "visitors/filters/network_filter.h"

#include <sallyport/base/result.h>
#include <sallyport/wire/access.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::relay {

class VisitPolicy : public std::enable_shared_from_this<VisitPolicy>
{
public:
    // `tenant` and `tunnel` say in the audit log whose it is; `http` is false for tunnels whose
    // bytes the relay does not understand: they can have networks alone. Null when the policy is
    // empty; the error is the second half of a sentence.
    static Result<std::shared_ptr<const VisitPolicy>, std::string>
    compile(const wire::AccessPolicy& access, bool http, std::string tenant, std::string tunnel);

    // In the order in which they are asked.
    const std::vector<std::unique_ptr<const Filter>>& filters() const { return m_filters; }
    // For tcp and tls tunnels: the networks alone.
    bool admits(const std::optional<config::IpAddress>& visitor) const
    {
        return !m_networks || m_networks->admits(visitor);
    }

    const std::string& tenant() const { return m_tenant; }
    const std::string& tunnel() const { return m_tunnel; }
    // Changes with the credentials that it asks for.
    const std::string& fingerprint() const { return m_fingerprint; }
    // "networks", "password", "token": for status.
    const std::vector<std::string>& summary() const { return m_summary; }

private:
    VisitPolicy() = default;

    std::vector<std::unique_ptr<const Filter>> m_filters;
    const NetworkFilter* m_networks = nullptr; // one of the filters
    std::string m_tenant;
    std::string m_tunnel;
    std::string m_fingerprint;
    std::vector<std::string> m_summary;
};

} // namespace sallyport::relay
