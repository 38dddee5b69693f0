#include <sallyport/config/tunnel_config.h>

#include <utility>

namespace sallyport::config {

namespace {

Result<Upstream, std::string> unixSocket(std::string_view path)
{
    constexpr size_t longest = 107; // sockaddr_un's path without its final zero
    if (!path.starts_with('/'))
        return Failure(std::string("needs an absolute path behind unix:, like unix:/run/app.sock"));
    if (path.size() > longest)
        return Failure("has a path of more than " + std::to_string(longest) +
                       " bytes, which sockets cannot have");
    Upstream upstream;
    upstream.unixPath = std::string(path);
    return upstream;
}

Result<Upstream, std::string> hostAndPort(std::string_view text, uint16_t defaultPort)
{
    auto endpoint = Endpoint::parse(text, defaultPort);
    if (!endpoint)
        return Failure(endpoint.error());
    Upstream upstream;
    upstream.endpoint = std::move(*endpoint);
    return upstream;
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

Result<Upstream, std::string> Upstream::parse(std::string_view text, TunnelKind kind)
{
    if (text.starts_with("unix:"))
        return unixSocket(text.substr(5));
    if (isNumber(text)) {
        const auto port = parsePort(text);
        if (!port)
            return Failure(port.error());
        return Upstream{"", {"127.0.0.1", *port}};
    }
    if (text.starts_with("https://") && kind == TunnelKind::Tls)
        return Failure(std::string("is a URL: write HOST:PORT"));
    if (text.starts_with("https://"))
        return Failure(
            std::string("upstreams with TLS are not yet supported in this version: use the "
                        "service's plain http port"));
    if (text.starts_with("http://")) {
        if (kind != TunnelKind::Http)
            return Failure(std::string("is a URL: write HOST:PORT"));
        std::string_view rest = text.substr(7);
        if (rest.ends_with('/'))
            rest.remove_suffix(1);
        if (rest.find_first_of("/?#@") != std::string_view::npos)
            return Failure(std::string("takes http://HOST:PORT alone, without path or user"));
        return hostAndPort(rest, 80);
    }
    if (text.find("://") != std::string_view::npos)
        return Failure(std::string(
            "has an unknown scheme: write PORT, HOST:PORT, http://HOST:PORT or unix:/PATH"));
    return hostAndPort(text, 0);
}

std::string Upstream::text() const
{
    return isUnix() ? "unix:" + unixPath : endpoint.text();
}

} // namespace sallyport::config
