// A LocalTraffic and connections that a test plays through it.
#pragma once

#include <sallyport/inspect/local_traffic.h>

#include <QDirIterator>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::inspect::test {

// Waits for the answer of one call: `await<Exchange>([&](auto done) { traffic.exchange(1, done);
// })`.
template <typename Value, typename Call>
Result<Value, std::string> await(Call call)
{
    std::optional<Result<Value, std::string>> answer;
    call([&answer](Result<Value, std::string> result) { answer.emplace(std::move(result)); });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 30'000))
        return Failure(std::string("no answer came"));
    return std::move(*answer);
}

inline net::WatchedConnection web()
{
    net::WatchedConnection about;
    about.tunnel = "web";
    about.upstream = "127.0.0.1:3000";
    about.visitor = "203.0.113.7:50123";
    about.host = "api.example.com";
    about.tls = true;
    about.http = true;
    return about;
}

// One request and its answer on a connection of its own.
inline void pass(LocalTraffic& traffic, const std::string& request, const std::string& answer,
                 const net::WatchedConnection& about = web())
{
    const auto watch = traffic.watcher()(about);
    watch->bytesToSocket(asBytes(request));
    watch->bytesFromSocket(asBytes(answer));
    watch->ended(net::WatchEnd::Clean);
}

inline std::string get(const std::string& path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
}

inline std::string answerWith(const std::string& body, const std::string& type = "text/plain",
                              const std::string& more = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Newest first, once there are `count` that have ended.
inline std::vector<Record> waitForRecords(LocalTraffic& traffic, size_t count, Query query = {})
{
    std::vector<Record> records;
    (void)QTest::qWaitFor(
        [&] {
            records =
                await<std::vector<Record>>([&](auto done) { traffic.query(query, done); }).value();
            size_t ended = 0;
            for (const Record& record : records)
                ended += record.outcome != Outcome::Pending;
            return ended >= count;
        },
        30'000);
    return records;
}

inline std::string bodyOf(LocalTraffic& traffic, RecordId id, Side side)
{
    return await<std::string>([&](auto done) { traffic.body(id, side, done); }).value();
}

// Whether these bytes stand in any file below.
inline bool folderHolds(const QString& folder, const QByteArray& bytes)
{
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes))
            return true;
    }
    return false;
}

} // namespace sallyport::inspect::test
