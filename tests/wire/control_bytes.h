// Talking to a control machine in bytes, for the tests of this folder.
#pragma once

#include <sallyport/wire/control_frame.h>
#include <sallyport/wire/message_codec.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace sallyport::wire::test {

inline std::string framed(const Message& message)
{
    return encodeControlFrame(encodeMessage(message));
}

// Takes the machine's output, as the messages that its peer would read.
template <typename Control>
std::vector<Message> takeMessages(Control& control)
{
    ControlReader reader(4 * 1024 * 1024);
    reader.feed(control.output());
    control.consumeOutput(control.output().size());
    std::vector<Message> messages;
    for (;;) {
        const auto frame = reader.next();
        if (!frame)
            throw std::runtime_error("a frame of our own is wrong");
        if (!*frame)
            return messages;
        Result<Message, ParseFailure> message = parseMessage(**frame);
        if (!message)
            throw std::runtime_error(std::string(describe(message.error().error)));
        messages.push_back(std::move(*message));
    }
}

template <typename Control>
std::vector<typename Control::Event> takeEvents(Control& control)
{
    std::vector<typename Control::Event> events;
    while (auto event = control.nextEvent())
        events.push_back(std::move(*event));
    return events;
}

// The bytes go in, all events come out.
template <typename Control>
std::vector<typename Control::Event> feed(Control& control, const std::string& bytes)
{
    control.receive(asBytes(bytes));
    return takeEvents(control);
}

template <typename T, typename Variant>
bool isOnly(const std::vector<Variant>& items)
{
    return items.size() == 1 && std::holds_alternative<T>(items[0]);
}

} // namespace sallyport::wire::test
