#include "dial_error.h"

#include <cerrno>
#include <chrono>

namespace sallyport::net {

namespace {

using Kind = DialError::Kind;

std::string relay(const DialTarget& target)
{
    return endpointText(target.host, target.port);
}

std::string proxy(const DialTarget& target)
{
    return "the proxy " + endpointText(target.proxy->host, target.proxy->port);
}

Kind kindOf(tls::ErrorCode code)
{
    switch (code) {
    case tls::ErrorCode::CertificateNotTrusted:
    case tls::ErrorCode::CertificateExpired:
    case tls::ErrorCode::CertificateNotYetValid:
    case tls::ErrorCode::NameMismatch:
    case tls::ErrorCode::PinMismatch:
    case tls::ErrorCode::CertificateRefused:
        return Kind::Untrusted;
    case tls::ErrorCode::Truncated:
        return Kind::Unreachable;
    default:
        return Kind::Protocol;
    }
}

} // namespace

std::string endpointText(const std::string& host, uint16_t port)
{
    const bool ipv6 = host.find(':') != std::string::npos;
    return (ipv6 ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

DialError badHostError()
{
    return {Kind::UnknownHost, "the relay's host is no host name: check the configured address"};
}

DialError lookUpError(const Resolved& resolved, bool ofProxy)
{
    return {Kind::UnknownHost,
            resolved.error + (ofProxy ? "; check the proxy's name in the environment"
                                      : "; check the relay's name, or this machine's DNS")};
}

DialError connectError(const DialTarget& target, SystemError error)
{
    const std::string where = target.proxy ? proxy(target) : relay(target);
    if (error.code == ECONNREFUSED)
        return {Kind::Refused,
                where + " refused the connection: nobody listens there; check that " +
                    (target.proxy ? "it runs" : "the relay runs and the port is right")};
    return {Kind::Unreachable, "cannot reach " + where + ": " + error.text() +
                                   "; check the network, or a firewall on the way"};
}

DialError proxyError(const DialTarget& target, const ProxyTunnel::Refused& refused)
{
    using Why = ProxyTunnel::Refused::Why;
    const std::string where = proxy(target);
    switch (refused.why) {
    case Why::Broken:
        return {Kind::Unreachable,
                where + " broke off the way to " + relay(target) + ": " + refused.text};
    case Why::NotHttp:
        return {Kind::Proxy,
                where + " answers something that is not HTTP: check the proxy's address"};
    case Why::AuthRequired:
        return {Kind::Proxy,
                where + (target.proxy->credentials
                             ? " refused the user name or the password that it was given (407)"
                             : " wants a user name and a password (407): set it as "
                               "http://USER:PASSWORD@HOST:PORT")};
    case Why::Status:
        break;
    }
    return {Kind::Proxy, where + " refused to connect to " + relay(target) + " (status " +
                             std::to_string(refused.status) +
                             "): ask its operator to allow that host and port"};
}

DialError tlsError(const DialTarget& target, const tls::Error& error)
{
    return {kindOf(error.code), relay(target) + ": " + error.message, error.code};
}

DialError upgradeError(const DialTarget& target, const wire::UpgradeFailure& failure)
{
    std::string text = relay(target) + " did not open a WebSocket for agents: ";
    text += wire::describe(failure.error);
    if (failure.status != 0)
        text += " (status " + std::to_string(failure.status) + ")";
    return {Kind::Protocol, text + "; check that it is a relay's address"};
}

DialError brokenError(const DialTarget& target, const std::string& reason)
{
    return {Kind::Unreachable, relay(target) + ": " + reason};
}

DialError timeoutError(const DialTarget& target, const std::string& doing)
{
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(target.timeout).count();
    const std::string time =
        ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
    return {Kind::Unreachable, "gave up on " + relay(target) + " after " + time + " (" + doing +
                                   "); check the network, or a firewall on the way"};
}

} // namespace sallyport::net
