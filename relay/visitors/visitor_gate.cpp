#include "visitors/visitor_gate.h"

#include <utility>

namespace sallyport::relay {

VisitorPass::VisitorPass(VisitorGate& gate, std::string address)
    : m_gate(&gate), m_address(std::move(address))
{}

VisitorPass::VisitorPass(VisitorPass&& other) noexcept
    : m_gate(std::exchange(other.m_gate, nullptr)), m_address(std::move(other.m_address))
{}

VisitorPass& VisitorPass::operator=(VisitorPass&& other) noexcept
{
    if (this != &other) {
        release();
        m_gate = std::exchange(other.m_gate, nullptr);
        m_address = std::move(other.m_address);
    }
    return *this;
}

void VisitorPass::release()
{
    if (m_gate)
        std::exchange(m_gate, nullptr)->leave(m_address);
}

VisitorGate::VisitorGate(uint64_t limit, uint64_t limitPerAddress)
    : m_limit(limit), m_limitPerAddress(limitPerAddress)
{}

std::optional<VisitorPass> VisitorGate::admit(const net::Address& peer)
{
    std::string address;
    if (m_limitPerAddress > 0)
        address = peer.ipBytes();
    if (m_inside.value() >= int64_t(m_limit) || !countAddress(address)) {
        m_turnedAway.add();
        return std::nullopt;
    }
    m_inside.add();
    return VisitorPass(*this, std::move(address));
}

bool VisitorGate::countAddress(const std::string& address)
{
    if (address.empty())
        return true;
    const std::lock_guard lock(m_mutex);
    uint64_t& count = m_ofAddress[address];
    if (count >= m_limitPerAddress)
        return false;
    ++count;
    return true;
}

void VisitorGate::leave(const std::string& address)
{
    m_inside.subtract();
    if (address.empty())
        return;
    const std::lock_guard lock(m_mutex);
    const auto found = m_ofAddress.find(address);
    if (found != m_ofAddress.end() && --found->second == 0)
        m_ofAddress.erase(found);
}

} // namespace sallyport::relay
