// Texts whose secrets are replaced: the values of fields that are secret by their name. The rest
// stays byte for byte. Pure functions.
#pragma once

#include <sallyport/inspect/capture_settings.h>

#include <string>
#include <string_view>

namespace sallyport::inspect {

// What stands in the place of a secret.
inline constexpr std::string_view Hidden = "***";

// Also lines of JSON, and JSON with something around it.
std::string redactedJson(std::string_view json, const Redaction& redaction);
// application/x-www-form-urlencoded.
std::string redactedForm(std::string_view form, const Redaction& redaction);
// "/a?token=x&b=1 HTTP/1.1" -> "/a?token=***&b=1 HTTP/1.1".
std::string redactedQuery(std::string_view text, const Redaction& redaction);

} // namespace sallyport::inspect
