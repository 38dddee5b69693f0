// What both head writers share: output to either kind of buffer, and copying the fields that stay.
#pragma once

#include "syntax.h"

#include <sallyport/base/byte_queue.h>
#include <sallyport/http/message.h>

#include <cassert>
#include <cstring>
#include <string>
#include <utility>

namespace sallyport::http {

// Heads are put together from many small pieces, so these write into room taken beforehand and only
// leave that path when it is used up.
class QueueSink
{
public:
    explicit QueueSink(ByteQueue& out) : m_out(out), m_room(out.reserve(1)) {}
    QueueSink(const QueueSink&) = delete;
    QueueSink& operator=(const QueueSink&) = delete;
    ~QueueSink() { m_out.commit(m_used); }

    void put(std::string_view text)
    {
        if (text.size() > m_room.size() - m_used)
            return putInPieces(asBytes(text));
        if (text.empty())
            return; // its pointer may be null
        std::memcpy(m_room.data() + m_used, text.data(), text.size());
        m_used += text.size();
    }

private:
    void putInPieces(ByteView bytes)
    {
        m_out.commit(std::exchange(m_used, 0));
        m_out.append(bytes);
        m_room = m_out.reserve(1);
    }
    ByteQueue& m_out;
    MutableByteView m_room;
    size_t m_used = 0;
};

class StringSink
{
public:
    explicit StringSink(std::string& out) : m_out(out), m_used(out.size())
    {
        m_out.resize(m_used + 1024);
    }
    StringSink(const StringSink&) = delete;
    StringSink& operator=(const StringSink&) = delete;
    ~StringSink() { m_out.resize(m_used); }

    void put(std::string_view text)
    {
        if (text.empty())
            return;
        if (text.size() > m_out.size() - m_used)
            m_out.resize(2 * m_out.size() + text.size());
        std::memcpy(m_out.data() + m_used, text.data(), text.size());
        m_used += text.size();
    }

private:
    std::string& m_out;
    size_t m_used;
};

template <typename Out, typename... Texts>
void put(Out& out, const Texts&... texts)
{
    (out.put(std::string_view(texts)), ...);
}

// Content-Length in one spelling. `digits` has passed the reader.
template <typename Out>
void putLength(Out& out, std::string_view digits)
{
    while (digits.size() > 1 && digits.front() == '0')
        digits.remove_prefix(1);
    put(out, "Content-Length: ", digits, "\r\n");
}

// Whether a Connection field names this one for removal.
bool connectionNames(const MessageHead& head, std::string_view name);

// Copies the field lines in long runs. keep(field) is asked about the fields that are in `special`
// or that Connection might name; it returns false when the line must not travel on, and has then
// appended what stands in its place, if anything.
template <typename Out, typename Keep>
void putFields(Out& out, const MessageHead& head, FieldSet special, Keep&& keep)
{
    if (head.fields.empty())
        return;
    const char* run = head.fields.front().name.data();
    if (head.present.intersects(special)) {
        for (const Field& field : head.fields) {
            const bool named = field.id == FieldId::Other && head.connectionNamesFields &&
                               connectionNames(head, field.name);
            if (!named && !FieldSet(field.id).intersects(special))
                continue;
            const char* start = field.name.data();
            const std::string_view before(run, static_cast<size_t>(start - run));
            if (!named) {
                // Flushed first, because keep() may append a replacement.
                put(out, before);
                run = start;
                if (keep(field))
                    continue;
            } else {
                put(out, before);
            }
            run = start + field.lineSize;
        }
    }
    const std::string_view last = head.fields.back().line();
    put(out, std::string_view(run, static_cast<size_t>(last.data() + last.size() - run)));
}

} // namespace sallyport::http
