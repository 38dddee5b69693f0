// Arbitrary bytes as a control stream, at both ends: no crash, bounded memory, and whatever parses
// survives another round. The bytes are used as they stand, and as lines of JSON that are framed
// here, for a fuzzer seldom finds a length that fits. Seeds: corpus/control.
#include <sallyport/wire/agent_control.h>
#include <sallyport/wire/relay_control.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>

using namespace sallyport;
using namespace sallyport::wire;

namespace {

void require(bool condition)
{
    if (!condition)
        std::abort();
}

// Hostnames are canonical after one round; the second must change nothing.
void roundTrip(std::string_view json)
{
    const Result<Message, ParseFailure> message = parseMessage(json);
    if (!message)
        return;
    Message clean = *message;
    if (Hello* hello = std::get_if<Hello>(&clean))
        hello->invalidTunnels.clear();
    const std::string text = encodeMessage(clean);
    const Result<Message, ParseFailure> again = parseMessage(text);
    require(again.ok() && *again == clean);
}

template <typename Control>
void drive(Control& control, ByteView bytes, size_t step)
{
    while (!bytes.empty()) {
        const size_t n = bytes.size() < step ? bytes.size() : step;
        control.receive(bytes.first(n));
        bytes = bytes.subspan(n);
        while (auto event = control.nextEvent())
            if constexpr (std::is_same_v<Control, RelayControl>)
                if (std::holds_alternative<Hello>(*event))
                    control.accept({"s", {}, {}});
        require(control.output().size() <= 2 * 1024 * 1024);
    }
}

std::string framedLines(std::string_view lines)
{
    std::string frames;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(line.size() == lines.size() ? line.size() : line.size() + 1);
        if (!line.empty() && line.size() <= MaxControlFrame)
            frames += encodeControlFrame(line);
        roundTrip(line);
    }
    return frames;
}

void driveBoth(ByteView bytes, size_t step)
{
    RelayControl relay({});
    drive(relay, bytes, step);
    Hello hello;
    hello.agent.id = "a";
    AgentControl agent({}, hello);
    drive(agent, bytes, step);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
        return 0;
    const ByteView bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
    driveBoth(bytes, data[0] + 1u);
    driveBoth(asBytes(framedLines(asText(bytes))), 16u * (data[0] + 1u));
    return 0;
}
