// JSON laid out over lines, as it was written: numbers keep their digits, members their order, also
// when a name comes twice. The first mistake is located; what stands behind it is kept as it came.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::inspect {

struct PrettyJson
{
    std::string text;
    std::string problem; // "line 3, column 14: a value is missing"; empty: it is JSON
};

// Nesting deeper than 512 is a problem.
PrettyJson prettyJson(std::string_view json);

} // namespace sallyport::inspect
