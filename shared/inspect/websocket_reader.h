// Reads the frames of one direction of a WebSocket (RFC 6455 section 5) and puts messages together.
// It judges nothing: what can't be a frame ends its own work.
//
// Holds at most Message data's limit of one message, and one control frame.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/inspect/record.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::inspect {

class WebSocketReader
{
public:
    static constexpr size_t DataLimit = 64 * 1024;

    struct Found
    {
        Message::Kind kind = Message::Kind::Text;
        std::string data; // unmasked; still compressed when `compressed`
        uint64_t size = 0;
        bool compressed = false; // RSV1 of permessage-deflate (RFC 7692)
    };

    // Appends the messages that ended within these bytes.
    void read(ByteView bytes, std::vector<Found>& found);
    bool failed() const { return m_failed; }

private:
    size_t readHeader(ByteView bytes);
    size_t headerSize() const;
    void beginFrame();
    void takePayload(ByteView bytes);
    void endFrame(std::vector<Found>& found);

    std::array<uint8_t, 14> m_header{};
    size_t m_headerSize = 0;
    bool m_inPayload = false;
    bool m_final = false;
    uint8_t m_opcode = 0;
    uint64_t m_left = 0;
    std::array<uint8_t, 4> m_mask{};
    bool m_masked = false;
    size_t m_maskAt = 0;
    Found m_message; // may span frames
    Found m_control;
    bool m_failed = false;
};

} // namespace sallyport::inspect
