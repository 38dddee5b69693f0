#include "pretty_multipart.h"

#include "head_text.h"
#include "redactor.h"
#include "text.h"

#include <algorithm>

namespace sallyport::inspect {

namespace {

constexpr size_t MaxParts = 1000;
constexpr size_t MaxPartText = 64 * 1024;

std::string describePart(size_t number, std::string_view part, const Redaction* redaction)
{
    const size_t end = part.find("\r\n\r\n");
    const std::string_view headers = part.substr(0, end == std::string_view::npos ? 0 : end + 2);
    const std::string_view content = end == std::string_view::npos ? part : part.substr(end + 4);
    std::string text =
        "part " + std::to_string(number) + ", " + std::to_string(content.size()) + " bytes\n";
    std::string name;
    for (const HeaderLine& line : trailerLines(headers, {})) {
        text += line.name + ": " + line.value + '\n';
        if (equalAnyCase(line.name, "content-disposition"))
            name = parameter(line.value, "name");
    }
    text += '\n';
    if (redaction && redaction->hidesField(name))
        text += Hidden;
    else if (!isUtf8(content))
        text += "(binary)";
    else
        text += content.substr(0, MaxPartText);
    return text + "\n\n";
}

} // namespace

PrettyBody prettyMultipart(std::string_view boundary, std::string_view bytes,
                           const Redaction* redaction)
{
    PrettyBody pretty;
    pretty.view = BodyView::Multipart;
    if (boundary.empty()) {
        pretty.problem = "its type names no boundary";
        return pretty;
    }
    const std::string mark = "--" + std::string(boundary);
    size_t at = bytes.find(mark);
    for (size_t number = 1; at != std::string_view::npos; ++number) {
        at += mark.size();
        if (bytes.substr(at, 2) == "--")
            return pretty;
        at = std::min(bytes.find("\r\n", at), bytes.size());
        at = std::min(at + 2, bytes.size());
        const size_t next = bytes.find("\r\n" + mark, at);
        if (number > MaxParts) {
            pretty.problem = "only the first 1,000 parts are shown";
            return pretty;
        }
        pretty.text += describePart(number, bytes.substr(at, next - at), redaction);
        at = next == std::string_view::npos ? next : next + 2;
    }
    pretty.problem = "it ends without its last boundary";
    return pretty;
}

} // namespace sallyport::inspect
