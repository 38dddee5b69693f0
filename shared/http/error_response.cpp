#include "syntax.h"

#include <sallyport/http/error_response.h>

#include <string>

namespace sallyport::http {

std::string_view statusText(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 411:
        return "Length Required";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Error";
    }
}

// "0.5" -> 500, "1" -> 1000; malformed weights count as none at all (RFC 9110 section 12.4.2).
static int readWeight(std::string_view text)
{
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1'))
        return 0;
    int value = (text[0] - '0') * 1000;
    if (text.size() > 1 && text[1] != '.')
        return 0;
    int scale = 100;
    for (size_t i = 2; i < text.size(); ++i, scale /= 10) {
        if (!isDigit(text[i]))
            return 0;
        value += (text[i] - '0') * scale;
    }
    return std::min(value, 1000);
}

static int weightOf(std::string_view mediaRange)
{
    size_t at = 0;
    while ((at = mediaRange.find(';', at)) != mediaRange.npos) {
        const std::string_view parameter = trimBlanks(mediaRange.substr(++at));
        if (parameter.size() > 2 && toLower(parameter[0]) == 'q' && parameter[1] == '=')
            return readWeight(trimBlanks(parameter.substr(2, parameter.find(';') - 2)));
    }
    return 1000;
}

bool prefersHtml(const RequestHead& request)
{
    int html = 0;
    int plain = 0;
    for (const Field& field : request.fields) {
        if (!equalsNoCase(field.name, "accept"))
            continue;
        forEachListMember(field.value, [&](std::string_view range) {
            const std::string_view type = trimBlanks(range.substr(0, range.find(';')));
            if (equalsNoCase(type, "text/html"))
                html = std::max(html, weightOf(range));
            else if (equalsNoCase(type, "text/plain") || equalsNoCase(type, "application/json"))
                plain = std::max(plain, weightOf(range));
            return true;
        });
    }
    return html > 0 && html >= plain;
}

ErrorOptions errorOptionsFor(const RequestHead& request)
{
    ErrorOptions options;
    options.html = prefersHtml(request);
    options.headRequest = request.method == Method::Head;
    // A body still to come would be taken for the next request.
    options.close = !request.keepAlive || !request.body.empty() || request.upgrade;
    options.visitorVersion = request.version;
    return options;
}

namespace {
struct SideText
{
    std::string_view where;
    std::string_view advice;
};
} // namespace

static SideText sideText(Side side)
{
    switch (side) {
    case Side::Visitor:
        return {
            "Your request could not be accepted. The relay and the service are fine.",
            "Check the address. If a program made this request, it should send it differently."};
    case Side::Relay:
        return {"The relay, which is the public server in front of this service, could not do its "
                "part.",
                "Try again in a moment. If it stays so, tell whoever runs this server."};
    case Side::Agent:
        return {
            "The relay works, but the machine that publishes this service is not connected to it.",
            "Try again in a moment. If it is your service, check that its agent is running."};
    case Side::Service:
        return {
            "The relay and the agent work, but the service behind them did not answer as it "
            "should.",
            "Try again in a moment. If it is your service, check that it is running and which port "
            "it uses."};
    }
    return {};
}

static void putEscaped(std::string& out, std::string_view text)
{
    for (char c : text) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += isValueChar(c) ? c : ' ';
        }
    }
}

// Light and dark from the system's own colours; nothing is fetched from anywhere.
static constexpr std::string_view PageStyle =
    "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
    "<meta name=\"robots\" content=\"noindex\">"
    "<style>:root{color-scheme:light dark;--ink:#1d2430;--soft:#5b6678;--page:#f6f7f9;--card:#fff;"
    "--line:#dfe3e9}@media(prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#9aa5b5;"
    "--page:#14181f;--card:#1d232c;--line:#323b48}}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);"
    "color:var(--ink);font:16px/1.5 system-ui,sans-serif}"
    "main{box-sizing:border-box;max-width:34rem;margin:1rem;padding:2rem;background:var(--card);"
    "border:1px solid var(--line);border-radius:12px}"
    "h1{margin:0 0 .75rem;font-size:1.35rem;overflow-wrap:anywhere}p{margin:.5rem 0}"
    "small{display:block;margin-top:1.5rem;color:var(--soft);overflow-wrap:anywhere}</style>";

static std::string htmlPage(const ErrorAnswer& answer, std::string_view requestId)
{
    const SideText side = sideText(answer.side);
    std::string page = "<!doctype html><html lang=\"en\"><head>";
    page += PageStyle;
    if (answer.refresh)
        page += "<meta http-equiv=\"refresh\" content=\"" +
                std::to_string(answer.refresh->count()) + "\">";
    page += "<title>";
    page += std::to_string(answer.status);
    page += ' ';
    page += statusText(answer.status);
    page += "</title></head><body><main><h1>";
    putEscaped(page, answer.sentence);
    page += "</h1><p>";
    putEscaped(page, side.where);
    page += "</p><p>";
    putEscaped(page, answer.advice.empty() ? side.advice : answer.advice);
    page += "</p><small>";
    page += std::to_string(answer.status);
    page += " &middot; ";
    putEscaped(page, answer.code);
    if (!requestId.empty()) {
        page += " &middot; request ";
        putEscaped(page, requestId);
    }
    page += "</small></main></body></html>\n";
    return page;
}

static std::string plainLine(const ErrorAnswer& answer)
{
    std::string line = std::to_string(answer.status);
    line += ' ';
    line += answer.code;
    line += ": ";
    for (char c : answer.sentence)
        line += isValueChar(c) ? c : ' ';
    if (!answer.advice.empty()) {
        line += ' ';
        for (char c : answer.advice)
            line += isValueChar(c) ? c : ' ';
    }
    line += '\n';
    return line;
}

std::string errorResponse(const ErrorAnswer& answer, const ErrorOptions& options)
{
    const std::string body = options.html ? htmlPage(answer, options.requestId) : plainLine(answer);
    std::string response = "HTTP/1.1 " + std::to_string(answer.status);
    response += ' ';
    response += statusText(answer.status);
    response += options.html ? "\r\nContent-Type: text/html; charset=utf-8"
                             : "\r\nContent-Type: text/plain; charset=utf-8";
    response += "\r\nContent-Length: " + std::to_string(body.size());
    response +=
        "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nSallyport-Error: ";
    response += answer.code;
    if (options.html)
        response += "\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'";
    if (!answer.challenge.empty()) {
        response += "\r\nWWW-Authenticate: ";
        response += answer.challenge;
    }
    if (answer.retryAfter)
        response += "\r\nRetry-After: " + std::to_string(answer.retryAfter->count());
    if (options.close)
        response += "\r\nConnection: close";
    else if (options.visitorVersion == Version::Http10)
        response += "\r\nConnection: keep-alive";
    response += "\r\n\r\n";
    if (!options.headRequest)
        response += body;
    return response;
}

} // namespace sallyport::http
