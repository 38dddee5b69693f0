#include <sallyport/dns/message.h>

#include <array>

namespace sallyport::dns {

using namespace detail;

namespace {

constexpr size_t HeaderSize = 12;
constexpr unsigned ClassIn = 1, ClassNone = 254;
constexpr unsigned OpcodeUpdate = 5U << 11, RecursionDesired = 1U << 8, IsAnswer = 1U << 15,
                   Truncated = 1U << 9;
constexpr size_t NameLimit = 255;
constexpr size_t RecordsLimit = 500;

std::string header(uint16_t id, unsigned flags, unsigned questions, unsigned updates)
{
    std::string message;
    for (const unsigned word : {unsigned(id), flags, questions, 0U, updates, 0U})
        appendU16(message, word);
    return message;
}

void appendU32(std::string& to, uint32_t value)
{
    appendU16(to, value >> 16);
    appendU16(to, value & 0xffff);
}

// The name at `at`, with compression followed; in lower case, "." for the root.
std::optional<std::string> nameAt(std::string_view message, size_t at)
{
    std::string name;
    // Each jump must go backwards, so that there is an end.
    size_t limit = message.size();
    while (at < limit) {
        const unsigned size = uint8_t(message[at]);
        if (size == 0)
            return name.empty() ? "." : name;
        if ((size & 0xc0) == 0xc0) {
            if (at + 1 >= message.size())
                return std::nullopt;
            const size_t to = (size & 0x3f) << 8 | uint8_t(message[at + 1]);
            if (to >= at)
                return std::nullopt;
            limit = at;
            at = to;
            continue;
        }
        if (size > 63 || at + 1 + size > message.size() || name.size() + size + 1 > NameLimit)
            return std::nullopt;
        if (!name.empty())
            name += '.';
        for (const char c : message.substr(at + 1, size))
            name += c >= 'A' && c <= 'Z' ? char(c + 32) : c > ' ' && c < 0x7f ? c : '?';
        at += 1 + size;
    }
    return std::nullopt;
}

std::optional<std::string> textOf(std::string_view data)
{
    std::string text;
    for (size_t at = 0; at < data.size();) {
        const size_t size = uint8_t(data[at]);
        if (at + 1 + size > data.size())
            return std::nullopt;
        text += data.substr(at + 1, size);
        at += 1 + size;
    }
    return text;
}

} // namespace

namespace detail {

void appendU16(std::string& to, unsigned value)
{
    to += char(value >> 8 & 0xff);
    to += char(value & 0xff);
}

unsigned u16At(std::string_view bytes, size_t at)
{
    return unsigned(uint8_t(bytes[at])) << 8 | uint8_t(bytes[at + 1]);
}

bool appendName(std::string& to, std::string_view name)
{
    if (name.ends_with('.'))
        name.remove_suffix(1);
    if (name.size() > NameLimit - 2)
        return false;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        if (label.empty() || label.size() > 63)
            return false;
        to += char(label.size());
        for (const char c : label)
            to += c >= 'A' && c <= 'Z' ? char(c + 32) : c;
        name.remove_prefix(std::min(name.size(), label.size() + 1));
    }
    to += '\0';
    return true;
}

std::optional<size_t> skipName(std::string_view message, size_t at)
{
    while (at < message.size()) {
        const unsigned size = uint8_t(message[at]);
        if (size == 0)
            return at + 1;
        if ((size & 0xc0) == 0xc0)
            return at + 2 <= message.size() ? std::optional(at + 2) : std::nullopt;
        if (size > 63)
            return std::nullopt;
        at += 1 + size;
    }
    return std::nullopt;
}

std::optional<size_t> skipRecord(std::string_view message, size_t at)
{
    const auto fixed = skipName(message, at);
    if (!fixed || *fixed + 10 > message.size())
        return std::nullopt;
    const size_t end = *fixed + 10 + u16At(message, *fixed + 8);
    return end <= message.size() ? std::optional(end) : std::nullopt;
}

} // namespace detail

std::string query(uint16_t id, std::string_view name, Type type)
{
    std::string message = header(id, RecursionDesired, 1, 0);
    if (!appendName(message, name))
        return {};
    appendU16(message, unsigned(type));
    appendU16(message, ClassIn);
    return message;
}

std::string update(uint16_t id, const Update& update)
{
    std::string message = header(id, OpcodeUpdate, 1, 1);
    if (!appendName(message, update.zone))
        return {};
    appendU16(message, unsigned(Type::Soa));
    appendU16(message, ClassIn);
    if (!appendName(message, update.name) || update.value.size() > 255)
        return {};
    appendU16(message, unsigned(Type::Txt));
    // Class NONE and no lifetime: delete this one record.
    appendU16(message, update.remove ? ClassNone : ClassIn);
    appendU32(message, update.remove ? 0 : update.ttl);
    appendU16(message, unsigned(update.value.size() + 1));
    message += char(update.value.size());
    message += update.value;
    return message;
}

Result<Answer, std::string> parseAnswer(std::string_view message, std::string_view question)
{
    const auto broken = [] { return Failure(std::string("the name server's answer is damaged")); };
    if (message.size() < HeaderSize || question.size() < HeaderSize)
        return broken();
    const unsigned flags = u16At(message, 2);
    const unsigned opcode = 0xfU << 11;
    if (u16At(message, 0) != u16At(question, 0) || (flags & IsAnswer) == 0 ||
        (flags & opcode) != (u16At(question, 2) & opcode))
        return Failure(std::string("the name server answered another question"));
    Answer answer;
    answer.id = uint16_t(u16At(message, 0));
    answer.code = uint8_t(flags & 0xf);
    answer.truncated = (flags & Truncated) != 0;
    size_t at = HeaderSize;
    if (u16At(message, 4) > 1)
        return broken();
    if (u16At(message, 4) == 1) {
        const auto end = skipName(message, at);
        const auto asked = skipName(question, HeaderSize);
        if (!end || !asked || *end + 4 > message.size())
            return broken();
        if (nameAt(message, at) != nameAt(question, HeaderSize) ||
            message.substr(*end, 4) != question.substr(*asked, 4))
            return Failure(std::string("the name server answered another question"));
        at = *end + 4;
    }
    const size_t records = u16At(message, 6) + u16At(message, 8);
    if (records > RecordsLimit)
        return broken();
    for (size_t i = 0; i < records; ++i) {
        const auto fixed = skipName(message, at);
        const auto end = skipRecord(message, at);
        if (!fixed || !end)
            return broken();
        const unsigned type = u16At(message, *fixed);
        if (type == unsigned(Type::Txt)) {
            auto text = textOf(message.substr(*fixed + 10, *end - *fixed - 10));
            if (!text)
                return broken();
            answer.texts.push_back(std::move(*text));
        } else if (type == unsigned(Type::Soa)) {
            answer.zone = nameAt(message, at).value_or("");
        }
        at = *end;
    }
    return answer;
}

std::string codeText(uint8_t code)
{
    static constexpr std::array<const char*, 11> Names = {
        "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE"};
    return code < Names.size() ? Names[code] : "error " + std::to_string(code);
}

} // namespace sallyport::dns
