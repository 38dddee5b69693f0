// Counts visitors, all together and for each address, and turns away those above the limits.
//
// Threads: any. The table of addresses is kept only where a limit for each address is set; it holds
// one entry for each address that has a connection, so the limit on visitors bounds it.
#pragma once

#include <sallyport/net/address.h>
#include <sallyport/observe/counters.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace sallyport::relay {

class VisitorGate;

// A visitor's place; given back when it goes. Moves with the visitor from worker to worker.
class VisitorPass
{
public:
    VisitorPass() = default;
    VisitorPass(VisitorPass&& other) noexcept;
    VisitorPass& operator=(VisitorPass&& other) noexcept;
    ~VisitorPass() { release(); }
    void release();

private:
    friend class VisitorGate;
    VisitorPass(VisitorGate& gate, std::string address);
    VisitorGate* m_gate = nullptr;
    std::string m_address; // IP bytes; empty when addresses are not counted
};

class VisitorGate
{
public:
    // 0: no limit for each address.
    VisitorGate(uint64_t limit, uint64_t limitPerAddress);

    std::optional<VisitorPass> admit(const net::Address& peer);

    int64_t inside() const { return m_inside.value(); }
    uint64_t turnedAway() const { return m_turnedAway.value(); }

private:
    friend class VisitorPass;
    bool countAddress(const std::string& address);
    void leave(const std::string& address);

    const uint64_t m_limit;
    const uint64_t m_limitPerAddress;
    observe::Gauge m_inside;
    observe::Counter m_turnedAway;
    std::mutex m_mutex;
    std::unordered_map<std::string, uint64_t> m_ofAddress;
};

} // namespace sallyport::relay
