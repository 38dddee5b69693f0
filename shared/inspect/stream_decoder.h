// Undoes the content coding of a body while it comes in, for event streams, which never end. Bytes
// in, bytes out. A coding of several, or an unknown one, has no decoder.
//
// Bounded: 8 MiB of window, and TotalLimit bytes of output; what would make more is given up.
// Threads: any, one at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace sallyport::inspect {

class StreamDecoder
{
public:
    static constexpr uint64_t TotalLimit = 256ull * 1024 * 1024;
    using Output = std::function<void(std::string_view)>;

    // The value of Content-Encoding, any case: gzip, deflate (with zlib's header), br, zstd.
    static std::unique_ptr<StreamDecoder> forCoding(std::string_view coding);
    virtual ~StreamDecoder() = default;

    // Hands on what these bytes make, as far as it can be told yet. False: they are damaged or make
    // too much, and nothing more will come.
    bool feed(std::string_view bytes, const Output& output);

protected:
    // One step: takes from the front of `bytes`, writes to `block`, returns how much. Sets `failed`
    // at damaged ones.
    virtual size_t step(std::string_view& bytes, char* block, size_t room, bool& failed) = 0;

private:
    uint64_t m_total = 0;
    bool m_failed = false;
};

} // namespace sallyport::inspect
