#include "discovery/web_markers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace sallyport::desktop {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool sameLetters(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

size_t findLetters(std::string_view text, std::string_view wanted, size_t from = 0)
{
    if (from > text.size())
        return std::string_view::npos;
    const auto found =
        std::search(text.begin() + static_cast<ptrdiff_t>(from), text.end(), wanted.begin(),
                    wanted.end(), [](char x, char y) { return lower(x) == lower(y); });
    return found == text.end() ? std::string_view::npos : static_cast<size_t>(found - text.begin());
}

bool holds(std::string_view text, std::string_view wanted)
{
    return findLetters(text, wanted) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

struct Mark
{
    enum class In { Field, AnyCookie, Body, Program, Process };
    In in;
    std::string_view field; // with Field
    std::string_view text;
    std::string_view product;
};

// From the particular to the general: an application, a framework, a language's server, a proxy.
constexpr auto body = Mark::In::Body;
constexpr auto field = Mark::In::Field;
constexpr auto cookie = Mark::In::AnyCookie;
constexpr auto program = Mark::In::Program;
constexpr auto process = Mark::In::Process;
constexpr std::array marks{
    Mark{body, "", "<title>Home Assistant", "Home Assistant"},
    Mark{body, "", "<title>Grafana", "Grafana"},
    Mark{body, "", "window.grafanaBootData", "Grafana"},
    Mark{body, "", "<title>Jellyfin", "Jellyfin"},
    Mark{body, "", "<title>Prometheus", "Prometheus"},
    Mark{body, "", "<title>Portainer", "Portainer"},
    Mark{body, "", "<title>Node-RED", "Node-RED"},
    Mark{body, "", "<title>phpMyAdmin", "phpMyAdmin"},
    Mark{body, "", "<title>Syncthing", "Syncthing"},
    Mark{body, "", "content=\"WordPress", "WordPress"},
    Mark{body, "", "/wp-content/", "WordPress"},
    Mark{body, "", "data-nextcloud", "Nextcloud"},
    Mark{cookie, "", "_gitea", "Gitea"},
    Mark{body, "", "content=\"Gitea", "Gitea"},
    Mark{body, "", "<title>Jupyter", "Jupyter"},
    Mark{body, "", "jupyter-config-data", "Jupyter"},
    Mark{program, "", "jupyter", "Jupyter"},
    Mark{program, "", "jupyter-lab", "Jupyter"},
    Mark{program, "", "jupyter-notebook", "Jupyter"},
    Mark{field, "x-jenkins", "", "Jenkins"},
    Mark{field, "server", "Jellyfin", "Jellyfin"},
    Mark{field, "x-plex-protocol", "", "Plex"},
    Mark{field, "server", "CouchDB", "CouchDB"},
    Mark{field, "server", "MinIO", "MinIO"},
    Mark{body, "", "\"cluster_uuid\"", "Elasticsearch"},
    Mark{body, "", "Ollama is running", "Ollama"},
    Mark{body, "", "streamlit", "Streamlit"},
    Mark{body, "", "/@vite/client", "Vite"},
    Mark{program, "", "vite", "Vite"},
    Mark{body, "", "astro-dev-toolbar", "Astro"},
    Mark{program, "", "astro", "Astro"},
    Mark{field, "x-powered-by", "Next.js", "Next.js"},
    Mark{body, "", "/_next/static", "Next.js"},
    Mark{program, "", "next", "Next.js"},
    Mark{program, "", "next-server", "Next.js"},
    Mark{process, "", "next-server", "Next.js"},
    Mark{body, "", "/_nuxt/", "Nuxt"},
    Mark{program, "", "nuxt", "Nuxt"},
    Mark{program, "", "ng", "Angular"},
    Mark{body, "", "static/js/bundle.js", "React"},
    Mark{program, "", "react-scripts", "React"},
    Mark{program, "", "storybook", "Storybook"},
    Mark{program, "", "gatsby", "Gatsby"},
    Mark{program, "", "webpack-dev-server", "webpack"},
    Mark{program, "", "webpack", "webpack"},
    Mark{body, "", "csrfmiddlewaretoken", "Django"},
    Mark{body, "", "The install worked successfully! Congratulations!", "Django"},
    Mark{cookie, "", "csrftoken=", "Django"},
    Mark{field, "server", "WSGIServer/", "Django"},
    Mark{program, "", "manage.py", "Django"},
    Mark{cookie, "", "laravel_session", "Laravel"},
    Mark{program, "", "artisan", "Laravel"},
    Mark{body, "", "Ruby on Rails", "Rails"},
    Mark{body, "", "name=\"csrf-param\"", "Rails"},
    Mark{field, "x-runtime", "", "Rails"},
    Mark{program, "", "rails", "Rails"},
    Mark{program, "", "puma", "Puma"},
    Mark{field, "server", "Werkzeug", "Flask"},
    Mark{program, "", "flask", "Flask"},
    Mark{field, "server", "uvicorn", "Uvicorn"},
    Mark{field, "server", "gunicorn", "Gunicorn"},
    Mark{field, "server", "TornadoServer", "Tornado"},
    Mark{field, "server", "SimpleHTTP", "Python http.server"},
    Mark{field, "server", "BaseHTTP", "Python"},
    Mark{field, "x-powered-by", "Express", "Express"},
    Mark{field, "x-powered-by", "ASP.NET", "ASP.NET"},
    Mark{field, "server", "Kestrel", "ASP.NET"},
    Mark{field, "x-powered-by", "PHP", "PHP"},
    Mark{process, "", "php", "PHP"},
    Mark{program, "", "hugo", "Hugo"},
    Mark{process, "", "hugo", "Hugo"},
    Mark{program, "", "jekyll", "Jekyll"},
    Mark{field, "server", "openresty", "OpenResty"},
    Mark{field, "server", "nginx", "nginx"},
    Mark{field, "server", "Apache-Coyote", "Tomcat"},
    Mark{field, "server", "Apache", "Apache"},
    Mark{field, "server", "Caddy", "Caddy"},
    Mark{field, "server", "lighttpd", "lighttpd"},
    Mark{field, "server", "Microsoft-IIS", "IIS"},
    Mark{field, "server", "CUPS", "CUPS"},
    Mark{field, "server", "Jetty", "Jetty"},
    Mark{process, "", "traefik", "Traefik"},
    Mark{process, "", "haproxy", "HAProxy"},
    Mark{process, "", "node", "Node.js"},
    Mark{process, "", "deno", "Deno"},
    Mark{process, "", "bun", "Bun"},
    Mark{process, "", "java", "Java"},
    Mark{process, "", "ruby", "Ruby"},
    Mark{process, "", "python3", "Python"},
};

bool isThere(const Mark& mark, const WebAnswer& answer, std::string_view processName,
             std::string_view programName)
{
    switch (mark.in) {
    case Mark::In::Field: {
        const std::string_view value = answer.field(mark.field);
        return !value.empty() && holds(value, mark.text);
    }
    case Mark::In::AnyCookie:
        return holds(answer.field("set-cookie"), mark.text);
    case Mark::In::Body:
        return holds(answer.body, mark.text);
    case Mark::In::Program:
        return programName == mark.text;
    case Mark::In::Process:
        return processName == mark.text;
    }
    return false;
}

// The few references that titles are full of; others stay as they are.
std::string withoutReferences(std::string text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> references{
        {{"&lt;", "<"},
         {"&gt;", ">"},
         {"&quot;", "\""},
         {"&#39;", "'"},
         {"&#x27;", "'"},
         {"&nbsp;", " "},
         {"&amp;", "&"}}};
    for (const auto& [reference, meaning] : references)
        for (size_t at = text.find(reference); at != std::string::npos;
             at = text.find(reference, at + meaning.size()))
            text.replace(at, reference.size(), meaning);
    return text;
}

std::string inOneLine(std::string_view text, size_t most)
{
    std::string line;
    for (const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
        if (!blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.size() > most) {
        line.resize(most);
        // Not within a character of UTF-8.
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xc0) == 0x80)
            line.pop_back();
        if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xc0)
            line.pop_back();
    }
    return std::string(trimmed(line));
}

} // namespace

WebAnswer WebAnswer::parse(std::string_view answer)
{
    WebAnswer parsed;
    if (!answer.starts_with("HTTP/1.") || answer.size() < 12)
        return parsed;
    int status = 0;
    const auto [end, error] = std::from_chars(answer.data() + 9, answer.data() + 12, status);
    if (error != std::errc() || status < 100)
        return parsed;
    parsed.status = status;
    const size_t blank = answer.find("\r\n\r\n");
    parsed.head = answer.substr(0, blank);
    if (blank != std::string_view::npos)
        parsed.body = answer.substr(blank + 4);
    return parsed;
}

std::string_view WebAnswer::field(std::string_view name) const
{
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const size_t colon = line.find(':');
        if (colon != std::string_view::npos && sameLetters(line.substr(0, colon), name))
            return trimmed(line.substr(colon + 1));
    }
    return {};
}

std::string pageTitle(std::string_view page)
{
    constexpr size_t longest = 120;
    const size_t open = findLetters(page, "<title");
    if (open == std::string_view::npos)
        return {};
    const size_t begin = page.find('>', open);
    const size_t end = findLetters(page, "</title", open);
    if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
        return {};
    return inOneLine(withoutReferences(std::string(page.substr(begin + 1, end - begin - 1))),
                     longest);
}

std::string webProduct(const WebAnswer& answer, std::string_view processName,
                       std::string_view programName)
{
    for (const Mark& mark : marks)
        if (isThere(mark, answer, processName, programName))
            return std::string(mark.product);
    return {};
}

} // namespace sallyport::desktop
