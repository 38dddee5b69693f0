#include <sallyport/mux/frame.h>

namespace sallyport::mux {

void encode(const FrameHeader& header, std::byte* to)
{
    to[0] = std::byte{0};
    to[1] = static_cast<std::byte>(header.type);
    writeU16(to + 2, header.flags);
    writeU32(to + 4, header.streamId);
    writeU32(to + 8, header.length);
}

Result<FrameHeader, SessionError> decode(const std::byte* from)
{
    if (from[0] != std::byte{0})
        return Failure(SessionError::BadVersion);
    const auto type = std::to_integer<uint8_t>(from[1]);
    if (type > static_cast<uint8_t>(FrameType::GoAway))
        return Failure(SessionError::BadType);

    FrameHeader header;
    header.type = static_cast<FrameType>(type);
    header.flags = readU16(from + 2);
    header.streamId = readU32(from + 4);
    header.length = readU32(from + 8);

    const bool ofSession = header.type >= FrameType::Ping;
    if (ofSession != (header.streamId == 0))
        return Failure(SessionError::BadStreamId);
    if (header.type == FrameType::Ping && header.flags != flag::Syn && header.flags != flag::Ack)
        return Failure(SessionError::BadFlags);
    if (header.type == FrameType::GoAway && header.flags != 0)
        return Failure(SessionError::BadFlags);
    if (header.flags & ~flag::All)
        return Failure(SessionError::BadFlags);
    return header;
}

} // namespace sallyport::mux
