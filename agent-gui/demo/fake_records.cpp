#include "fake_records.h"

#include <array>
#include <utility>

namespace sallyport::gui::demo {

namespace {

using namespace std::chrono_literals;
using inspect::Outcome;
using inspect::Record;
using inspect::RecordKind;

struct Request
{
    const char* method;
    const char* path;
    unsigned status;
    const char* type;
    unsigned bytes;
};

constexpr std::array Requests{
    Request{"GET", "/", 200, "text/html", 14'212},
    Request{"GET", "/assets/app.7d1f.css", 200, "text/css", 48'120},
    Request{"GET", "/assets/app.b52c.js", 200, "text/javascript", 212'480},
    Request{"GET", "/api/products?page=2&sort=price", 200, "application/json", 5'820},
    Request{"GET", "/api/products/1842", 200, "application/json", 912},
    Request{"POST", "/api/cart", 201, "application/json", 164},
    Request{"GET", "/images/harbour.webp", 200, "image/png", 96'311},
    Request{"GET", "/api/me", 401, "application/json", 58},
    Request{"POST", "/hooks/payment", 204, "", 0},
    Request{"GET", "/favicon.ico", 404, "text/html", 310},
    Request{"PUT", "/api/orders/77/state", 200, "application/json", 121},
    Request{"GET", "/events", 200, "text/event-stream", 2'048},
    Request{"GET", "/socket", 101, "", 7'400},
    Request{"DELETE", "/api/cart/3", 204, "", 0},
    Request{"GET", "/search?q=brass+lantern", 200, "text/html", 9'880},
    Request{"POST", "/api/checkout", 502, "text/html", 640},
};

constexpr std::array Visitors{"203.0.113.7:50123", "198.51.100.24:41002", "[2001:db8::5e]:60214",
                              "192.0.2.181:38811", "203.0.113.90:52270"};

inspect::HeaderLine header(std::string name, std::string value, bool secret = false)
{
    return {std::move(name), std::move(value), secret};
}

std::vector<inspect::Message> messagesOf(const Record& record)
{
    using Message = inspect::Message;
    std::vector<Message> messages;
    const bool events = record.kind == RecordKind::EventStream;
    for (uint32_t i = 0; i < record.messages; ++i) {
        Message message;
        message.at = 40ms + i * 730ms;
        message.direction =
            events || i % 2 == 1 ? Message::Direction::ToVisitor : Message::Direction::FromVisitor;
        message.kind = events ? Message::Kind::Event : Message::Kind::Text;
        message.event = events ? "price" : "";
        message.data = R"({"product": )" + std::to_string(1800 + i) + R"(, "price": "24.90"})";
        message.size = message.data.size();
        messages.push_back(std::move(message));
    }
    return messages;
}

} // namespace

FakeRecords::FakeRecords(std::vector<Tunnel> tunnels) : m_tunnels(std::move(tunnels)) {}

unsigned FakeRecords::number(unsigned below)
{
    // Not uniform_int_distribution: that one differs between standard libraries.
    return unsigned(m_random() % below);
}

Record FakeRecords::next(std::chrono::system_clock::time_point begun)
{
    const Tunnel& tunnel =
        m_tunnels[std::min(number(unsigned(m_tunnels.size())), number(unsigned(m_tunnels.size())))];
    Record record;
    record.begun = begun;
    record.tunnel = tunnel.ref;
    record.upstream = tunnel.upstream;
    record.visitor = Visitors[number(Visitors.size())];
    record.host = tunnel.host;
    record.tls = true;
    if (tunnel.http) {
        answer(record);
        return record;
    }
    record.kind = RecordKind::Connection;
    record.tls = false;
    record.outcome = Outcome::Done;
    record.requestBytes = 400 + number(9'000);
    record.responseBytes = 900 + number(90'000);
    record.ended = 1ms * (300 + number(90'000));
    return record;
}

void FakeRecords::answer(Record& record)
{
    const Request& request = Requests[number(Requests.size())];
    record.method = request.method;
    record.path = request.path;
    record.requestBytes = record.method == "POST" || record.method == "PUT" ? 96 + number(900) : 0;
    record.requestDone = 1us * (80 + number(900));
    record.status = request.status;
    record.contentType = request.type;
    record.responseBytes = request.bytes;
    record.outcome = Outcome::Done;
    record.answered = 1us * (1'800 + number(number(20) == 0 ? 900'000 : 42'000));
    record.ended = *record.answered + 1us * (300 + number(30'000));
    if (record.contentType == "text/event-stream")
        record.kind = RecordKind::EventStream;
    if (record.status == 101)
        record.kind = RecordKind::WebSocket;
    if (record.kind != RecordKind::Http) {
        record.messages = 3 + number(20);
        if (number(2) == 0) {
            record.outcome = Outcome::Pending;
            record.ended.reset();
        }
    }
    if (record.status == 502) {
        record.status = 0; // what the visitor sees then is the relay's
        record.contentType.clear();
        record.responseBytes = 0;
        record.answered.reset();
        record.outcome = Outcome::UpstreamRefused;
        record.error = "Nothing listens on " + record.upstream + ".";
    }
}

inspect::Exchange FakeRecords::exchangeOf(const Record& record)
{
    inspect::Exchange exchange;
    exchange.record = record;
    if (record.kind == RecordKind::Connection)
        return exchange;
    exchange.requestLine = record.method + " " + record.path + " HTTP/1.1";
    if (record.status != 0)
        exchange.statusLine = "HTTP/1.1 " + std::to_string(record.status);
    exchange.requestHeaders = {
        header("Host", record.host),
        header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101"),
        header("Accept", "*/*"),
        header("Authorization", "Bearer not-a-real-credential", true),
        header("Cookie", "session=demonstration", true),
        header("X-Forwarded-For", record.visitor),
        header("X-Forwarded-Proto", "https"),
    };
    if (record.requestBytes > 0)
        exchange.requestHeaders.push_back(header("Content-Type", "application/json"));
    exchange.responseHeaders = {
        header("Content-Length", std::to_string(record.responseBytes)),
        header("Cache-Control", "no-cache"),
        header("Set-Cookie", "session=demonstration; HttpOnly", true),
    };
    if (!record.contentType.empty())
        exchange.responseHeaders.push_back(header("Content-Type", record.contentType));
    exchange.requestBody.size = exchange.requestBody.kept =
        bodyOf(record, inspect::Side::Request).size();
    exchange.responseBody.size = exchange.responseBody.kept =
        bodyOf(record, inspect::Side::Response).size();
    exchange.messages = messagesOf(record);
    return exchange;
}

std::string FakeRecords::bodyOf(const Record& record, inspect::Side side)
{
    if (side == inspect::Side::Request)
        return record.requestBytes == 0
                   ? ""
                   : R"({"product":1842,"amount":2,"note":"as a present","express":false})";
    if (record.contentType == "application/json")
        return R"({"products":[{"id":1842,"name":"Brass lantern","price":"24.90","stock":12},)"
               R"({"id":1843,"name":"Rope, 20 m","price":"11.50","stock":0}],"page":2,"pages":9})";
    if (record.contentType == "text/html")
        return "<!doctype html>\n<html>\n<head><title>Harbour shop</title></head>\n<body>\n"
               "<h1>Lanterns, ropes, charts</h1>\n</body>\n</html>\n";
    if (record.contentType == "text/css")
        return "body { margin: 0; font: 16px/1.5 sans-serif; }\n";
    if (record.contentType == "text/javascript")
        return "export const shop = \"harbour\";\n";
    return "";
}

} // namespace sallyport::gui::demo
