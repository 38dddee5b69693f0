// The parts of a multipart body (RFC 2046) as text: their headers, and what is text of their
// contents.
#pragma once

#include <sallyport/inspect/decode.h>

#include <string_view>

namespace sallyport::inspect {

// The first 1,000 parts. With a redaction, secret fields of forms are hidden.
PrettyBody prettyMultipart(std::string_view boundary, std::string_view bytes,
                           const Redaction* redaction);

} // namespace sallyport::inspect
