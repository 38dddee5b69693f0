// sallyport-har-sample: records one exchange of each kind and prints them as HAR, with the same
// times whenever it runs.
#include "export.h"
#include "traffic_world.h"

#include <QCoreApplication>

#include <cstdio>
#include <vector>

using namespace sallyport;
using namespace sallyport::inspect;
using namespace sallyport::inspect::test;

namespace {

std::string frame(uint8_t first, const std::string& payload)
{
    return std::string(1, char(first)) + char(payload.size()) + payload;
}

std::string post(const std::string& path, const std::string& type, const std::string& body)
{
    return "POST " + path + " HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void webSocket(LocalTraffic& traffic)
{
    const auto watch = traffic.watcher()(web());
    watch->bytesToSocket(asBytes("GET /socket HTTP/1.1\r\nHost: api.example.com\r\nConnection: "
                                 "Upgrade\r\nUpgrade: websocket\r\n\r\n"));
    watch->bytesFromSocket(asBytes("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                   "Upgrade: websocket\r\n\r\n"));
    const std::string sent = frame(0x81, "from the visitor");
    const std::string received =
        frame(0x81, "to the visitor") + frame(0x82, std::string("\0\1", 2));
    watch->bytesToSocket(asBytes(sent));
    watch->bytesFromSocket(asBytes(received));
    watch->ended(net::WatchEnd::Clean);
}

void refused(LocalTraffic& traffic)
{
    const auto watch = traffic.watcher()(web());
    watch->bytesToSocket(asBytes(get("/refused")));
    watch->upstreamFailed(net::UpstreamFault::Refused, "nobody listens on 127.0.0.1:3000");
    watch->ended(net::WatchEnd::UpstreamFailed);
}

void passEachKind(LocalTraffic& traffic)
{
    // {"packed":true}
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x2a\x48\x4c\xce\x4e\x4d"
        "\x51\xb2\x2a\x29\x2a\x4d\xad\x05\x00\x89\xe0\xb5\xdc\x0f\x00\x00\x00",
        35);
    pass(traffic, get("/page?a=1&b=two"), answerWith("<p>hello</p>", "text/html"));
    pass(traffic, post("/json", "application/json", "{\"q\":\"ask\"}"),
         answerWith("{\"answer\":42}", "application/json"));
    pass(traffic, post("/form", "application/x-www-form-urlencoded", "name=value&other=1"),
         "HTTP/1.1 303 See Other\r\nLocation: /page\r\nContent-Length: 0\r\n\r\n");
    pass(traffic, get("/image.png"), answerWith(std::string("\x89PNG\0\xff", 6), "image/png"));
    pass(traffic, get("/packed"),
         answerWith(packed, "application/json", "Content-Encoding: gzip\r\n"));
    pass(traffic, get("/events"),
         answerWith("event: tick\ndata: one\n\ndata: two\n\n", "text/event-stream"));
    webSocket(traffic);
    refused(traffic);
}

void setTimes(Record& record)
{
    using std::chrono::milliseconds;
    record.begun = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000) +
                                                         milliseconds(100) * record.id);
    record.requestDone = milliseconds(2);
    record.answered = milliseconds(12);
    record.ended = milliseconds(15);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    CaptureSettings settings;
    settings.keepHistory = false;
    LocalTraffic traffic(settings);
    passEachKind(traffic);
    std::vector<ExportItem> items;
    for (const Record& record : waitForRecords(traffic, 8)) {
        ExportItem item;
        item.exchange =
            await<Exchange>([&](auto done) { traffic.exchange(record.id, done); }).value();
        item.requestBody = bodyOf(traffic, record.id, Side::Request);
        item.responseBody = bodyOf(traffic, record.id, Side::Response);
        setTimes(item.exchange.record);
        items.insert(items.begin(), std::move(item));
    }
    std::puts(toHar(items, {}).c_str());
    return 0;
}
