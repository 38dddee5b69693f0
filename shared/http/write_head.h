// What both head writers share: output to either kind of buffer, and copying the fields that stay.
#pragma once

#include "syntax.h"

#include <sallyport/base/byte_queue.h>
#include <sallyport/http/message.h>

#include <cassert>
#include <string>

namespace sallyport::http {

inline void put(std::string& out, std::string_view text)
{
    out.append(text);
}
inline void put(ByteQueue& out, std::string_view text)
{
    out.append(asBytes(text));
}
template <typename Out, typename... Rest>
void put(Out& out, std::string_view first, std::string_view second, Rest... rest)
{
    put(out, first);
    put(out, second, rest...);
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
