#include "block_codec.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace sallyport::inspect {

namespace {

using std::chrono::microseconds;

constexpr size_t LengthSize = 4;

constexpr uint64_t Tls = 1;
constexpr uint64_t Edited = 2;
constexpr uint64_t RequestInFile = 4;
constexpr uint64_t ResponseInFile = 8;

constexpr uint64_t flag(bool set, uint64_t value)
{
    return set ? value : 0;
}

void putNumber(std::string& out, uint64_t number)
{
    if (number < 0x80)
        return out.push_back(char(number));
    char bytes[10];
    size_t count = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[count++] = char(number | 0x80);
    bytes[count++] = char(number);
    out.append(bytes, count);
}

// Small numbers of either sign stay small.
constexpr uint64_t zigzag(uint64_t difference)
{
    return (difference << 1) ^ (0 - (difference >> 63));
}

constexpr uint64_t unzigzag(uint64_t number)
{
    return (number >> 1) ^ (0 - (number & 1));
}

void putText(std::string& out, std::string_view text)
{
    putNumber(out, text.size());
    out.append(text);
}

// 0: nothing.
void putTime(std::string& out, const std::optional<microseconds>& time)
{
    putNumber(out, time ? uint64_t(std::max<int64_t>(0, time->count())) + 1 : 0);
}

class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {}

    uint64_t number()
    {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty())
                break;
            const auto byte = uint8_t(m_rest.front());
            m_rest.remove_prefix(1);
            value |= uint64_t(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        m_failed = true;
        return 0;
    }
    std::string_view text() { return take(number()); }
    std::string_view entry()
    {
        uint64_t size = 0;
        const std::string_view length = take(LengthSize);
        for (size_t i = 0; i < length.size(); ++i)
            size |= uint64_t(uint8_t(length[i])) << (8 * i);
        return take(size);
    }
    std::string_view take(uint64_t size)
    {
        if (size > m_rest.size()) {
            m_failed = true;
            return {};
        }
        const std::string_view text = m_rest.substr(0, size_t(size));
        m_rest.remove_prefix(size_t(size));
        return text;
    }
    std::optional<microseconds> time()
    {
        const uint64_t value = number();
        return value == 0 ? std::nullopt : std::optional(microseconds(value - 1));
    }
    // One of an enum of which `last` is the last.
    template <typename Enum>
    Enum one(Enum last)
    {
        const uint64_t value = number();
        m_failed = m_failed || value > uint64_t(last);
        return m_failed ? Enum{} : Enum(value);
    }
    std::string_view rest() const { return m_rest; }
    bool failed() const { return m_failed; }

private:
    std::string_view m_rest;
    bool m_failed = false;
};

// Its length stands before an entry, in four bytes: known only afterwards.
class Entry
{
public:
    explicit Entry(std::string& out) : m_out(out), m_start(out.size())
    {
        out.append(LengthSize, 0);
    }
    ~Entry()
    {
        size_t size = m_out.size() - m_start - LengthSize;
        for (size_t i = 0; i < LengthSize; ++i, size >>= 8)
            m_out[m_start + i] = char(size);
    }

private:
    std::string& m_out;
    size_t m_start;
};

constexpr auto textsOf(auto& record)
{
    return std::array{&record.error, &record.tunnel, &record.upstream, &record.visitor,
                      &record.host,  &record.method, &record.path,     &record.contentType};
}

// 0: as before, else one more than its length.
void putChanged(std::string& out, std::string& before, const std::string& text)
{
    if (text == before)
        return putNumber(out, 0);
    putNumber(out, text.size() + 1);
    out.append(text);
    before = text;
}

// Word by word: what a head shares with the one before is most of it.
size_t sameAtStart(const char* one, const char* other, size_t size)
{
    size_t same = 0;
    for (uint64_t a = 0, b = 0; same + sizeof a <= size; same += sizeof a) {
        std::memcpy(&a, one + same, sizeof a);
        std::memcpy(&b, other + same, sizeof b);
        if (a != b)
            break;
    }
    while (same < size && one[same] == other[same])
        ++same;
    return same;
}

// How many bytes at the begin and at the end are as before, and those between.
void putDifference(std::string& out, std::string& before, const std::string& text)
{
    if (text == before) {
        putNumber(out, text.size());
        putNumber(out, 0);
        return putNumber(out, 0);
    }
    const size_t shorter = std::min(text.size(), before.size());
    const size_t start = sameAtStart(text.data(), before.data(), shorter);
    const size_t end = size_t(
        std::mismatch(text.rbegin(), text.rbegin() + ptrdiff_t(shorter - start), before.rbegin())
            .first -
        text.rbegin());
    putNumber(out, start);
    putNumber(out, end);
    putText(out, std::string_view(text).substr(start, text.size() - start - end));
    before = text;
}

bool readDifference(Reader& reader, std::string& text)
{
    const uint64_t start = reader.number();
    const uint64_t end = reader.number();
    const std::string_view between = reader.text();
    if (reader.failed() || start > text.size() || end > text.size() - start)
        return false;
    text.replace(size_t(start), text.size() - size_t(start) - size_t(end), between);
    return true;
}

std::string_view entryAt(std::string_view bytes, size_t index)
{
    Reader reader(bytes);
    for (size_t i = 0; i < index && !reader.failed(); ++i)
        reader.entry();
    const std::string_view entry = reader.entry();
    return reader.failed() ? std::string_view() : entry;
}

} // namespace

void BlockBytes::append(const CapturedExchange& exchange)
{
    appendRow(exchange);
    appendDetails(exchange);
    appendBodies(exchange);
}

void BlockBytes::clear()
{
    for (std::string* one : {&m_rows, &m_details, &m_bodies, &m_requestHead, &m_responseHead})
        one->clear();
    for (std::string& text : m_texts)
        text.clear();
    m_begun = 0;
}

void BlockBytes::appendRow(const CapturedExchange& exchange)
{
    const Record& record = exchange.record;
    std::string& out = m_rows;
    const Entry entry(out);
    const auto begun =
        uint64_t(std::chrono::duration_cast<microseconds>(record.begun.time_since_epoch()).count());
    for (const uint64_t number : {record.id, uint64_t(record.kind), uint64_t(record.outcome),
                                  flag(record.tls, Tls) | flag(record.edited, Edited) |
                                      flag(exchange.request.inFile, RequestInFile) |
                                      flag(exchange.response.inFile, ResponseInFile),
                                  uint64_t(record.status)})
        putNumber(out, number);
    putNumber(out, zigzag(begun - m_begun));
    m_begun = begun;
    putTime(out, record.requestDone);
    putTime(out, record.answered);
    putTime(out, record.ended);
    for (const uint64_t number :
         {record.requestBytes, record.responseBytes, uint64_t(record.messages), record.replayOf,
          exchange.request.kept, exchange.response.kept})
        putNumber(out, number);
    const auto texts = textsOf(record);
    for (size_t i = 0; i < texts.size(); ++i)
        putChanged(out, m_texts[i], *texts[i]);
}

void BlockBytes::appendDetails(const CapturedExchange& exchange)
{
    std::string& out = m_details;
    const Entry entry(out);
    putDifference(out, m_requestHead, exchange.requestHead);
    putDifference(out, m_responseHead, exchange.responseHead);
    putText(out, exchange.trailers);
    for (const Message& message : exchange.messages) {
        putNumber(out, uint64_t(std::max<int64_t>(0, message.at.count())));
        putNumber(out, uint64_t(message.direction));
        putNumber(out, uint64_t(message.kind));
        putText(out, message.event);
        putText(out, message.data);
        putNumber(out, message.size);
    }
}

void BlockBytes::appendBodies(const CapturedExchange& exchange)
{
    const Entry entry(m_bodies);
    putText(m_bodies, exchange.request.inFile ? std::string_view() : exchange.request.bytes);
    putText(m_bodies, exchange.response.inFile ? std::string_view() : exchange.response.bytes);
}

bool RowReader::next()
{
    if (m_rest.empty())
        return false;
    Reader block(m_rest);
    Reader reader(block.entry());
    m_rest = block.rest();
    m_row.id = reader.number();
    m_row.kind = reader.one(RecordKind::Connection);
    m_row.outcome = reader.one(Outcome::Interrupted);
    m_row.flags = reader.number();
    m_row.status = unsigned(reader.number());
    m_row.begun += unzigzag(reader.number());
    for (auto& time : m_row.times)
        time = reader.time();
    for (uint64_t& count : m_row.counts)
        count = reader.number();
    for (std::string_view& text : m_row.texts)
        if (const uint64_t changed = reader.number(); changed > 0)
            text = reader.take(changed - 1);
    ++m_count;
    return !block.failed() && !reader.failed();
}

void RowReader::read(CapturedExchange& exchange) const
{
    Record& record = exchange.record;
    record.id = m_row.id;
    record.kind = m_row.kind;
    record.outcome = m_row.outcome;
    record.tls = (m_row.flags & Tls) != 0;
    record.edited = (m_row.flags & Edited) != 0;
    exchange.request.inFile = (m_row.flags & RequestInFile) != 0;
    exchange.response.inFile = (m_row.flags & ResponseInFile) != 0;
    record.status = m_row.status;
    record.begun = std::chrono::system_clock::time_point(microseconds(m_row.begun));
    std::tie(record.requestDone, record.answered, record.ended) = std::tuple_cat(m_row.times);
    uint64_t messages = 0;
    std::tie(record.requestBytes, record.responseBytes, messages, record.replayOf,
             exchange.request.kept, exchange.response.kept) = std::tuple_cat(m_row.counts);
    record.messages = uint32_t(messages);
    const auto texts = textsOf(record);
    for (size_t i = 0; i < texts.size(); ++i)
        texts[i]->assign(m_row.texts[i]);
}

bool readDetails(std::string_view details, size_t index, CapturedExchange& exchange)
{
    Reader block(details);
    exchange.requestHead.clear();
    exchange.responseHead.clear();
    for (size_t i = 0; i < index; ++i) {
        Reader before(block.entry());
        if (!readDifference(before, exchange.requestHead) ||
            !readDifference(before, exchange.responseHead))
            return false;
    }
    Reader reader(block.entry());
    if (!readDifference(reader, exchange.requestHead) ||
        !readDifference(reader, exchange.responseHead))
        return false;
    exchange.trailers = reader.text();
    while (!reader.failed() && !reader.rest().empty()) {
        Message message;
        message.at = microseconds(reader.number());
        message.direction = reader.one(Message::Direction::ToVisitor);
        message.kind = reader.one(Message::Kind::Event);
        message.event = reader.text();
        message.data = reader.text();
        message.size = reader.number();
        if (!reader.failed())
            exchange.messages.push_back(std::move(message));
    }
    return !reader.failed();
}

bool readBodies(std::string_view bodies, size_t index, CapturedExchange& exchange)
{
    Reader reader(entryAt(bodies, index));
    exchange.request.bytes = reader.text();
    exchange.response.bytes = reader.text();
    return !reader.failed();
}

} // namespace sallyport::inspect
