// Watches one connection for the recorder.
//
// When recording is switched on while a connection stands, it joins at the next request that begins
// a read: a relay keeps its connections for very long.
//
// Threads: the agent's.
#pragma once

#include "exchange_reader.h"
#include "recorder.h"

#include <optional>
#include <string>
#include <vector>

namespace sallyport::inspect {

class ExchangeWatch final : public net::ConnectionWatch
{
public:
    ExchangeWatch(std::shared_ptr<Recorder> recorder, uint64_t number,
                  std::shared_ptr<const ConnectionFacts> facts, bool http);

    void bytesToSocket(ByteView bytes) override;
    void bytesFromSocket(ByteView bytes) override;
    void upstreamFailed(net::UpstreamFault fault, std::string_view sentence) override;
    void ended(net::WatchEnd end) override;

private:
    bool isActive();
    void join(ByteView bytes);
    void hand();

    std::shared_ptr<Recorder> m_recorder;
    uint64_t m_number;
    std::shared_ptr<const ConnectionFacts> m_facts;
    bool m_http;
    std::optional<ExchangeReader> m_reader;
    uint32_t m_indexBase = 0; // exchanges of readers before this one
    uint32_t m_indexes = 0;
    std::vector<uint32_t> m_missed; // exchanges that found no room
};

} // namespace sallyport::inspect
