// The lines of a head as it came. A head has been read by the strict reader before; so what is odd
// here is passed over.
#pragma once

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/record.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

std::string_view startLine(std::string_view head);
// The lines below; `secret` by the redaction.
std::vector<HeaderLine> headerLines(std::string_view head, const Redaction& redaction);
// The same for trailers, which have no start line.
std::vector<HeaderLine> trailerLines(std::string_view lines, const Redaction& redaction);
// The first with this name, or empty.
std::string_view headerValue(std::string_view head, std::string_view name);
std::string_view headerValue(const std::vector<HeaderLine>& headers, std::string_view name);

// Takes out what must never be written: values of secret headers, and of secret parameters in the
// target and in the queries of other headers.
std::string withoutSecrets(std::string_view head, const Redaction& redaction);

} // namespace sallyport::inspect
