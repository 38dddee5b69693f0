// An agent that is only played, and what stands behind it.
#pragma once

#include "control_fixture.h"

#include <sallyport/control/control_server.h>
#include <sallyport/inspect/traffic_source.h>

#include <QJsonObject>

namespace sallyport::control::test {

// Has the records that it is given.
class FakeTraffic final : public inspect::TrafficSource
{
public:
    std::vector<inspect::Record> records;
    std::string bytes;
    inspect::ReplayRequest replayed;
    inspect::RecordId stopped = 0;
    bool recording = false;
    inspect::CaptureSettings settings;

    void query(const inspect::Query& query, Done<std::vector<inspect::Record>> done) override
    {
        std::vector<inspect::Record> found;
        for (const inspect::Record& record : records)
            if (query.filter.method.empty() || record.method == query.filter.method)
                found.push_back(record);
        done(found);
    }
    void exchange(inspect::RecordId id, Done<inspect::Exchange> done) override
    {
        inspect::Exchange exchange;
        for (const inspect::Record& record : records)
            if (record.id == id)
                exchange.record = record;
        if (exchange.record.id == 0)
            return done(Failure(std::string("that request is no longer kept")));
        exchange.requestLine = "GET /\xff HTTP/1.1";
        exchange.requestHeaders = {{"X-Odd", std::string("a\0b\xff", 4), true}};
        exchange.responseBody = {1ull << 60, 5};
        inspect::Message message;
        message.data = std::string("\0\1", 2);
        message.direction = inspect::Message::Direction::ToVisitor;
        message.kind = inspect::Message::Kind::Binary;
        exchange.messages = {message};
        done(exchange);
    }
    void body(inspect::RecordId, inspect::Side, Done<std::string> done) override { done(bytes); }
    void replay(const inspect::ReplayRequest& request, Done<inspect::RecordId> done) override
    {
        replayed = request;
        done(inspect::RecordId(77));
    }
    void stopReplay(inspect::RecordId answer) override { stopped = answer; }
    void exportRecords(const std::vector<inspect::RecordId>& ids, inspect::ExportFormat format,
                       bool withSecrets, Done<std::string> done) override
    {
        done(std::to_string(ids.size()) + (withSecrets ? "s" : "-") + std::to_string(int(format)));
    }
    void clear(Done<bool> done) override
    {
        records.clear();
        emit recordsRemoved(5);
        done(true);
    }
    bool isRecording() const override { return recording; }
    void setRecording(bool on) override
    {
        recording = on;
        emit recordingChanged();
    }
    void setSettings(const inspect::CaptureSettings& wanted) override
    {
        settings = wanted;
        setRecording(wanted.on);
    }
    void add(inspect::Record record)
    {
        records.push_back(record);
        emit recordsChanged({std::move(record)});
    }
};

// Remembers what it was told.
class FakeControl final : public AgentControl
{
public:
    Snapshot now;
    std::vector<LogLine> lines;
    std::vector<Account> known;
    FakeTraffic source;
    std::vector<std::string> told;
    config::TunnelConfig tunnel;
    NewAccount added;

    Place place() const override { return Place::InProcess; }
    const Snapshot& snapshot() const override { return now; }
    const std::vector<LogLine>& log() const override { return lines; }
    inspect::TrafficSource& traffic() override { return source; }
    void setSwitchedOn(bool on, Done done) override
    {
        now.switchedOn = on;
        emit snapshotChanged();
        done({});
    }
    void retryNow() override { told.push_back("retry"); }
    void putTunnel(const std::string& ref, const config::TunnelConfig& put, Done done) override
    {
        told.push_back("put " + ref);
        tunnel = put;
        done({});
    }
    void removeTunnel(const std::string& ref, Done done) override
    {
        done(Failure("there is no tunnel \"" + ref + "\""));
    }
    void setPaused(const std::string& ref, bool paused, Done done) override
    {
        told.push_back((paused ? "pause " : "resume ") + ref);
        done({});
    }
    const std::vector<Account>& accounts() const override { return known; }
    void addAccount(const NewAccount& account, Done done) override
    {
        added = account;
        done({});
    }
    void testAccount(const std::string& id, Done done) override { tell("test " + id, done); }
    void useAccount(const std::string& id, Done done) override { tell("use " + id, done); }
    void renameAccount(const std::string& id, const std::string& label, Done done) override
    {
        tell("rename " + id + " " + label, done);
    }
    void moveToKeychain(const std::string& id, Done done) override { tell("move " + id, done); }
    void removeAccount(const std::string& id, Done done) override { tell("remove " + id, done); }
    void checkAddress(const config::TunnelConfig&,
                      std::function<void(Result<AddressCheck, agent::Problem>)> done) override
    {
        done(AddressCheck{
            false, "https://x", {agent::ProblemCode::AddressTaken, "somebody has it"}});
    }

private:
    void tell(const std::string& what, const Done& done)
    {
        told.push_back(what);
        done({});
    }
};

inline inspect::Record sampleRecord(inspect::RecordId id)
{
    inspect::Record record;
    record.id = id;
    record.kind = inspect::RecordKind::WebSocket;
    record.outcome = inspect::Outcome::VisitorLeft;
    record.error = "it \"left\"";
    record.tunnel = "web";
    record.upstream = "127.0.0.1:3000";
    record.visitor = "203.0.113.7:1";
    record.host = "x.example";
    record.tls = true;
    record.method = "GET";
    record.path = "/caf\xc3\xa9?a=b";
    record.status = 101;
    record.contentType = "text/html";
    record.begun =
        std::chrono::system_clock::time_point(std::chrono::microseconds(1'700'000'000'123'456));
    record.requestDone = std::chrono::microseconds(0);
    record.ended = std::chrono::microseconds(99);
    record.requestBytes = 1ull << 62;
    record.responseBytes = 3;
    record.messages = 4'000'000'000;
    record.replayOf = 3;
    record.edited = true;
    return record;
}

inline ControlServer::Actions actions(FakeControl& control)
{
    return {[] {
                return QJsonObject{{"state", "connected"}};
            },
            [&control] { control.retryNow(); }, [&control] { control.told.push_back("stop"); }};
}

} // namespace sallyport::control::test
