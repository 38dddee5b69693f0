#include "llhttp_stream.h"

#include <llhttp.h>

#include <algorithm>

namespace sallyport::http {

namespace {

struct Reading
{
    LlhttpConnection result;
    ReadMessage message;
    ResponseContext context;
    bool inValue = false;
    bool inTrailers = false;
};

Reading& of(llhttp_t* parser)
{
    return *static_cast<Reading*>(parser->data);
}

int onMessageBegin(llhttp_t* parser)
{
    of(parser).message = {};
    of(parser).inValue = of(parser).inTrailers = false;
    return 0;
}

int onUrl(llhttp_t* parser, const char* at, size_t size)
{
    of(parser).message.start.append(at, size);
    return 0;
}

int onFieldName(llhttp_t* parser, const char* at, size_t size)
{
    Reading& reading = of(parser);
    if (reading.inTrailers)
        return 0;
    if (reading.message.fields.empty() || reading.inValue)
        reading.message.fields.emplace_back();
    reading.inValue = false;
    reading.message.fields.back().first.append(at, size);
    return 0;
}

int onFieldValue(llhttp_t* parser, const char* at, size_t size)
{
    Reading& reading = of(parser);
    if (reading.inTrailers)
        return 0;
    reading.inValue = true;
    reading.message.fields.back().second.append(at, size);
    return 0;
}

// Also called for a value that is empty, so that names are not joined.
int onFieldValueComplete(llhttp_t* parser)
{
    of(parser).inValue = true;
    return 0;
}

// 1: the message has no body, whatever its fields say.
int onHeadersComplete(llhttp_t* parser)
{
    Reading& reading = of(parser);
    reading.inTrailers = true;
    for (auto& field : reading.message.fields)
        while (!field.second.empty() && (field.second.back() == ' ' || field.second.back() == '\t'))
            field.second.pop_back();
    if (parser->type == HTTP_REQUEST) {
        const auto method = static_cast<llhttp_method_t>(parser->method);
        reading.message.start =
            std::string(llhttp_method_name(method)) + " " + reading.message.start;
        return 0;
    }
    reading.message.start = std::to_string(parser->status_code);
    const bool bodiless = parser->status_code == 204 || parser->status_code == 304 ||
                          reading.context.method == Method::Head;
    return bodiless ? 1 : 0;
}

int onBody(llhttp_t* parser, const char* at, size_t size)
{
    of(parser).message.body.append(at, size);
    return 0;
}

// Pausing shows where the message ends.
int onMessageComplete(llhttp_t* parser)
{
    Reading& reading = of(parser);
    reading.message.last = parser->upgrade != 0 || llhttp_should_keep_alive(parser) == 0;
    return HPE_PAUSED;
}

llhttp_settings_t makeSettings()
{
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_message_begin = onMessageBegin;
    settings.on_url = onUrl;
    settings.on_header_field = onFieldName;
    settings.on_header_value = onFieldValue;
    settings.on_header_value_complete = onFieldValueComplete;
    settings.on_headers_complete = onHeadersComplete;
    settings.on_body = onBody;
    settings.on_message_complete = onMessageComplete;
    return settings;
}

void finishMessage(Reading& reading, size_t end)
{
    reading.message.end = end;
    reading.result.messages.push_back(reading.message);
}

LlhttpConnection readAll(llhttp_type_t type, std::string_view bytes, const ResponseContext& context)
{
    static const llhttp_settings_t settings = makeSettings();
    Reading reading;
    reading.context = context;
    llhttp_t parser;
    llhttp_init(&parser, type, &settings);
    parser.data = &reading;
    size_t at = 0;
    while (at < bytes.size()) {
        const llhttp_errno_t error = llhttp_execute(&parser, bytes.data() + at, bytes.size() - at);
        if (error == HPE_OK)
            break;
        if (error != HPE_PAUSED && error != HPE_PAUSED_UPGRADE) {
            reading.result.refused = true;
            reading.result.error = llhttp_errno_name(error);
            return reading.result;
        }
        const size_t reached = static_cast<size_t>(llhttp_get_error_pos(&parser) - bytes.data());
        // llhttp 9 says of some messages only after their end that nothing follows them.
        if (reached == at && !reading.result.messages.empty()) {
            reading.result.messages.back().last = true;
            return reading.result;
        }
        at = reached;
        finishMessage(reading, at);
        if (reading.message.last)
            return reading.result;
        llhttp_resume(&parser);
        reading.message.last = false;
    }
    const size_t before = reading.result.messages.size();
    const llhttp_errno_t end = llhttp_finish(&parser);
    if (end == HPE_PAUSED && reading.result.messages.size() == before)
        finishMessage(reading, bytes.size());
    return reading.result;
}

// llhttp's own list, asked through the parser.
bool knowsMethod(const std::string& start)
{
    const LlhttpConnection probe = readAll(
        HTTP_REQUEST, start.substr(0, start.find(' ')) + " / HTTP/1.1\r\nHost: a\r\n\r\n", {});
    return !probe.refused;
}

// llhttp 8 knows neither an extension behind a plain value (1;a=b;c) nor an escape (1;a="\"").
bool hasRareExtension(std::string_view message)
{
    const size_t value = message.find('=', std::min(message.find("\r\n\r\n"), message.size()));
    return value != message.npos && message.find_first_of(";\\", value) != message.npos;
}

// llhttp 8 takes spaces behind a framing field's value, but no tab (RFC 9110 section 5.6.3 has
// both).
bool hasTabBehindFraming(std::string_view message, std::string_view error)
{
    return (error == "HPE_INVALID_CONTENT_LENGTH" || error == "HPE_INVALID_TRANSFER_ENCODING") &&
           message.find('\t') != message.npos;
}

// Upgrades that we do not take up (h2c, HTTP/1.0), Proxy-Connection, which we do not heed, and a
// `close` in an interim response.
bool mayGoOn(const ReadMessage& message)
{
    const auto isOne = [](const auto& field) {
        const FieldId id = identifyField(field.first);
        return id == FieldId::Upgrade || id == FieldId::ProxyConnection;
    };
    return std::any_of(message.fields.begin(), message.fields.end(), isOne) ||
           (message.start.size() == 3 && message.start.front() == '1');
}

bool isOddNoContent(const ReadMessage& message)
{
    return message.start == "204" && message.last;
}

} // namespace

LlhttpConnection readRequestsByLlhttp(std::string_view bytes)
{
    return readAll(HTTP_REQUEST, bytes, {});
}

LlhttpConnection readResponsesByLlhttp(std::string_view bytes, const ResponseContext& context)
{
    return readAll(HTTP_RESPONSE, bytes, context);
}

std::string differenceToLlhttp(std::string_view bytes, const ReadConnection& ours,
                               const LlhttpConnection& theirs)
{
    for (size_t i = 0; i < ours.messages.size(); ++i) {
        const ReadMessage& mine = ours.messages[i];
        const std::string what = "message " + std::to_string(i) + " (" + mine.start + "): ";
        if (i >= theirs.messages.size()) {
            const bool isRequest = mine.start.find(' ') != std::string::npos;
            if (isRequest && mine.start.compare(0, 8, "CONNECT ") != 0 && !knowsMethod(mine.start))
                return {};
            const size_t begin = i == 0 ? 0 : ours.messages[i - 1].end;
            const std::string_view raw = bytes.substr(begin, mine.end - begin);
            if (hasRareExtension(raw) || hasTabBehindFraming(raw, theirs.error))
                return {};
            return what + "llhttp has not read it: " + theirs.error;
        }
        const ReadMessage& other = theirs.messages[i];
        if (mine.start != other.start)
            return what + "llhttp's start line is " + other.start;
        if (mine.fields != other.fields)
            return what + "fields differ";
        if (isOddNoContent(mine))
            return {};
        if (mine.body != other.body)
            return what + "bodies differ";
        if (mine.end != other.end)
            return what + "ends at " + std::to_string(mine.end) + ", for llhttp at " +
                   std::to_string(other.end);
        if (other.last && !mine.last)
            return mayGoOn(mine) ? std::string() : what + "is the last one for llhttp alone";
    }
    return {};
}

} // namespace sallyport::http
