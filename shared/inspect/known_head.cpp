#include "known_head.h"

#include <algorithm>

namespace sallyport::inspect {

namespace {

// As the relay writes it (shared/http/request_writer.cpp). Spelled otherwise, a head is read.
constexpr std::string_view idField = "\r\nX-Request-Id: ";

bool isVisible(char c)
{
    return c > ' ' && c < 0x7f;
}

} // namespace

bool KnownHead::begins(std::string_view other) const
{
    if (m_bytes.empty() || other.size() < m_bytes.size())
        return false;
    const std::string_view known = m_bytes;
    const size_t idEnd = m_idAt + m_idSize;
    const std::string_view id = other.substr(m_idAt, m_idSize);
    return other.substr(0, m_idAt) == known.substr(0, m_idAt) &&
           other.substr(idEnd, known.size() - idEnd) == known.substr(idEnd) &&
           std::all_of(id.begin(), id.end(), isVisible);
}

void KnownHead::remember(std::string_view head, bool mayComeAgain)
{
    m_bytes.clear();
    m_idAt = m_idSize = 0;
    if (!mayComeAgain || head.size() > Limit)
        return;
    m_bytes = head;
    const size_t field = head.find(idField);
    if (field == std::string_view::npos)
        return;
    m_idAt = field + idField.size();
    m_idSize = std::min(head.find('\r', m_idAt), head.size()) - m_idAt;
}

} // namespace sallyport::inspect
