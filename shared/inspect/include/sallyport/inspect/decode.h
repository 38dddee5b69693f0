// Bodies made readable: content codings undone, text laid out. Pure functions, bounded.
#pragma once

#include <sallyport/inspect/capture_settings.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::inspect {

struct Decoded
{
    std::string bytes;
    bool cut = false;    // there is more than `limit`
    std::string problem; // a sentence; empty when all went well. `bytes` is what came before it
};

inline constexpr size_t DecodeLimit = 32 * 1024 * 1024;

// Undoes a Content-Encoding: gzip, deflate, br, zstd, identity, or several in a row. An unknown one
// leaves the bytes as they are and says so.
Decoded decodeContent(std::string_view encoding, std::string_view bytes,
                      size_t limit = DecodeLimit);

enum class BodyView : uint8_t { Empty, Json, Xml, Form, Multipart, Text, Image, Binary };

struct PrettyBody
{
    BodyView view = BodyView::Empty;
    // Laid out for reading; empty for images. Binary: a hex dump of the first 4 KiB.
    std::string text;
    // Where it is not what its type says: "line 3, column 14: a value is missing".
    std::string problem;
};

// `bytes` are decoded already. Numbers and repeated members of JSON stay as they were written.
PrettyBody prettyBody(std::string_view contentType, std::string_view bytes);
// The same, with the values of secret fields of JSON and forms replaced by "***".
PrettyBody prettyBody(std::string_view contentType, std::string_view bytes,
                      const Redaction& redaction);

} // namespace sallyport::inspect
