#include "export.h"

#include "head_text.h"
#include "redactor.h"
#include "text.h"

#include <sallyport/inspect/decode.h>

#include <algorithm>
#include <array>

namespace sallyport::inspect {

namespace {

void hide(std::vector<HeaderLine>& headers, const Redaction& redaction)
{
    for (HeaderLine& header : headers) {
        if (header.secret || redaction.hidesHeader(header.name))
            header.value = Hidden;
        else
            header.value = redactedQuery(header.value, redaction);
    }
}

// A coded body is undone, so that what is inside can be seen to.
std::string hiddenBody(const std::string& body, std::vector<HeaderLine>& headers,
                       const Redaction& redaction)
{
    if (body.empty())
        return body;
    std::string plain = body;
    const std::string coding(headerValue(headers, "content-encoding"));
    if (!coding.empty()) {
        Decoded decoded = decodeContent(coding, body);
        if (!decoded.problem.empty())
            return body;
        plain = std::move(decoded.bytes);
    }
    const std::string type = mediaType(headerValue(headers, "content-type"));
    std::string clean = plain;
    if (type == "application/x-www-form-urlencoded")
        clean = redactedForm(plain, redaction);
    else if (isUtf8(plain))
        clean = redactedJson(plain, redaction);
    if (clean == plain)
        return body;
    std::erase_if(headers, [](const HeaderLine& header) {
        return equalAnyCase(header.name, "content-encoding");
    });
    return clean;
}

bool isFraming(std::string_view name)
{
    static constexpr std::array Names{
        "content-length", "transfer-encoding", "connection", "keep-alive", "expect", "te",
        "trailer"};
    return std::any_of(Names.begin(), Names.end(),
                       [name](const char* one) { return equalAnyCase(name, one); });
}

std::string shellQuoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'')
            result += "'\\''";
        else
            result.push_back(c);
    }
    return result + "'";
}

// For the format of printf, octal escapes of what is not plain.
std::string printfQuoted(std::string_view bytes)
{
    std::string result = "'";
    for (const char c : bytes) {
        const auto u = static_cast<unsigned char>(c);
        if (u < 0x20 || u >= 0x7f || c == '\'' || c == '\\' || c == '%') {
            result += '\\';
            for (const int shift : {6, 3, 0})
                result += char('0' + ((u >> shift) & 7));
        } else {
            result.push_back(c);
        }
    }
    return result + "'";
}

std::string cutNote(const ExportItem& item)
{
    return item.exchange.requestBody.cut() ? "# The body was not kept whole.\n" : "";
}

} // namespace

ExportItem shown(const ExportItem& item, const ExportOptions& options)
{
    ExportItem result = item;
    if (options.withSecrets)
        return result;
    Exchange& exchange = result.exchange;
    exchange.requestLine = redactedQuery(exchange.requestLine, options.redaction);
    exchange.record.path = redactedQuery(exchange.record.path, options.redaction);
    hide(exchange.requestHeaders, options.redaction);
    hide(exchange.responseHeaders, options.redaction);
    hide(exchange.responseTrailers, options.redaction);
    result.requestBody = hiddenBody(item.requestBody, exchange.requestHeaders, options.redaction);
    result.responseBody =
        hiddenBody(item.responseBody, exchange.responseHeaders, options.redaction);
    for (Message& message : exchange.messages)
        message.data = redactedJson(message.data, options.redaction);
    return result;
}

std::string urlOf(const Exchange& exchange)
{
    std::string_view target = exchange.requestLine;
    target.remove_prefix(std::min(target.size(), target.find(' ') + 1));
    target = target.substr(0, target.find(' '));
    if (!target.starts_with('/'))
        return target == "*" ? "http://" + exchange.record.host + "/" : std::string(target);
    const std::string host = exchange.record.host.empty() ? "localhost" : exchange.record.host;
    return (exchange.record.tls ? "https://" : "http://") + host + std::string(target);
}

std::string toCurl(const ExportItem& original, const ExportOptions& options)
{
    const ExportItem item = shown(original, options);
    const Record& record = item.exchange.record;
    if (item.exchange.requestLine.empty())
        return "# Not an HTTP request: " + record.upstream + "\n";
    const bool isText = isUtf8(item.requestBody);
    std::string command = cutNote(item);
    if (!isText && !item.requestBody.empty())
        command += "printf " + printfQuoted(item.requestBody) + " | ";
    command += "curl " + shellQuoted(urlOf(item.exchange));
    const bool impliedPost = record.method == "POST" && !item.requestBody.empty();
    if (record.method == "HEAD")
        command += " \\\n  --head";
    else if (record.method != "GET" && !impliedPost)
        command += " \\\n  -X " + shellQuoted(record.method);
    else if (record.method == "GET" && !item.requestBody.empty())
        command += " \\\n  -X GET";
    for (const HeaderLine& header : item.exchange.requestHeaders) {
        const bool implied = equalAnyCase(header.name, "host") && header.value == record.host;
        if (!isFraming(header.name) && !implied)
            // An empty one needs a semicolon.
            command += " \\\n  -H " + shellQuoted(header.value.empty()
                                                      ? header.name + ";"
                                                      : header.name + ": " + header.value);
    }
    if (!item.requestBody.empty())
        command += " \\\n  --data-binary " + (isText && !item.requestBody.starts_with('@')
                                                  ? shellQuoted(item.requestBody)
                                                  : std::string("@-"));
    if (isText && item.requestBody.starts_with('@'))
        command = cutNote(item) + "printf " + printfQuoted(item.requestBody) + " | " +
                  command.substr(cutNote(item).size());
    return command + "\n";
}

std::string toHttpFile(const ExportItem& original, const ExportOptions& options)
{
    const ExportItem item = shown(original, options);
    const Exchange& exchange = item.exchange;
    if (exchange.requestLine.empty())
        return "### not an HTTP request: " + exchange.record.upstream + "\n\n";
    std::string text = "### " + exchange.record.method + ' ' + exchange.record.path + '\n';
    text += cutNote(item);
    if (!item.requestBody.empty() && !isUtf8(item.requestBody))
        text += "# The body is no text; here it is in base64.\n";
    text += exchange.record.method + ' ' + urlOf(exchange) + " HTTP/1.1\n";
    for (const HeaderLine& header : exchange.requestHeaders)
        if (!isFraming(header.name) && !equalAnyCase(header.name, "host"))
            text += header.name + ": " + header.value + '\n';
    text += '\n';
    if (!item.requestBody.empty())
        text += (isUtf8(item.requestBody) ? item.requestBody : base64(item.requestBody)) + '\n';
    return text + '\n';
}

std::string exportAs(ExportFormat format, const std::vector<ExportItem>& items,
                     const ExportOptions& options)
{
    if (format == ExportFormat::Har)
        return toHar(items, options);
    std::string text;
    for (const ExportItem& item : items) {
        if (format == ExportFormat::Curl && !text.empty())
            text += '\n';
        text += format == ExportFormat::Curl ? toCurl(item, options) : toHttpFile(item, options);
    }
    return text;
}

} // namespace sallyport::inspect
