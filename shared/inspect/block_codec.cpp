#include "block_codec.h"

#include <algorithm>

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
    char bytes[10];
    size_t count = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[count++] = char(number | 0x80);
    bytes[count++] = char(number);
    out.append(bytes, count);
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

void appendRow(std::string& out, const CapturedExchange& exchange)
{
    const Record& record = exchange.record;
    const Entry entry(out);
    const auto begun = std::chrono::duration_cast<microseconds>(record.begun.time_since_epoch());
    for (const uint64_t number : {record.id, uint64_t(record.kind), uint64_t(record.outcome),
                                  flag(record.tls, Tls) | flag(record.edited, Edited) |
                                      flag(exchange.request.inFile, RequestInFile) |
                                      flag(exchange.response.inFile, ResponseInFile),
                                  uint64_t(record.status), uint64_t(begun.count())})
        putNumber(out, number);
    putTime(out, record.requestDone);
    putTime(out, record.answered);
    putTime(out, record.ended);
    for (const uint64_t number :
         {record.requestBytes, record.responseBytes, uint64_t(record.messages), record.replayOf,
          exchange.request.kept, exchange.response.kept})
        putNumber(out, number);
    for (const std::string* text :
         {&record.error, &record.tunnel, &record.upstream, &record.visitor, &record.host,
          &record.method, &record.path, &record.contentType})
        putText(out, *text);
}

void appendDetails(std::string& out, const CapturedExchange& exchange)
{
    const Entry entry(out);
    putText(out, exchange.requestHead);
    putText(out, exchange.responseHead);
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

void appendBodies(std::string& out, const CapturedExchange& exchange)
{
    const Entry entry(out);
    putText(out, exchange.request.inFile ? std::string_view() : exchange.request.bytes);
    putText(out, exchange.response.inFile ? std::string_view() : exchange.response.bytes);
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
    appendRow(rows, exchange);
    appendDetails(details, exchange);
    appendBodies(bodies, exchange);
}

void BlockBytes::clear()
{
    rows.clear();
    details.clear();
    bodies.clear();
}

bool RowReader::next()
{
    if (m_rest.empty())
        return false;
    Reader reader(m_rest);
    m_entry = reader.entry();
    m_rest = reader.rest();
    Reader entry(m_entry);
    m_id = entry.number();
    ++m_count;
    return !reader.failed() && !entry.failed();
}

bool RowReader::read(CapturedExchange& exchange) const
{
    Reader reader(m_entry);
    Record& record = exchange.record;
    record.id = reader.number();
    record.kind = reader.one(RecordKind::Connection);
    record.outcome = reader.one(Outcome::Interrupted);
    const uint64_t flags = reader.number();
    record.tls = (flags & Tls) != 0;
    record.edited = (flags & Edited) != 0;
    exchange.request.inFile = (flags & RequestInFile) != 0;
    exchange.response.inFile = (flags & ResponseInFile) != 0;
    record.status = unsigned(reader.number());
    record.begun = std::chrono::system_clock::time_point(microseconds(reader.number()));
    record.requestDone = reader.time();
    record.answered = reader.time();
    record.ended = reader.time();
    record.requestBytes = reader.number();
    record.responseBytes = reader.number();
    record.messages = uint32_t(reader.number());
    record.replayOf = reader.number();
    exchange.request.kept = reader.number();
    exchange.response.kept = reader.number();
    for (std::string* text : {&record.error, &record.tunnel, &record.upstream, &record.visitor,
                              &record.host, &record.method, &record.path, &record.contentType})
        text->assign(reader.text());
    return !reader.failed();
}

bool readDetails(std::string_view details, size_t index, CapturedExchange& exchange)
{
    Reader reader(entryAt(details, index));
    exchange.requestHead = reader.text();
    exchange.responseHead = reader.text();
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
