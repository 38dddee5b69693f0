#include "incoming_stream.h"

namespace sallyport::agent {

void IncomingStream::discard()
{
    m_phase = Phase::Discard;
    consumed(m_kept.size());
    m_kept.clear();
}

void IncomingStream::streamData(ByteView bytes)
{
    switch (m_phase) {
    case Phase::Keep:
        return m_kept.append(bytes);
    case Phase::Discard:
        return consumed(bytes.size());
    case Phase::Header:
        break;
    }
    const auto used = m_reader.feed(bytes);
    if (!used) {
        consumed(bytes.size());
        return m_owner.headerBroken(used.error());
    }
    if (!m_reader.done())
        return;
    m_phase = Phase::Keep;
    m_owner.headerRead(m_reader.header(), m_reader.raw(), bytes.subspan(*used));
}

} // namespace sallyport::agent
