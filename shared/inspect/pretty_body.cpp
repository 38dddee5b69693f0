#include "pretty_json.h"
#include "pretty_multipart.h"
#include "redactor.h"
#include "text.h"

#include <sallyport/inspect/decode.h>

#include <QString>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>

#include <algorithm>

namespace sallyport::inspect {

namespace {

constexpr size_t DumpLimit = 4096;

std::string hexDump(std::string_view bytes)
{
    static constexpr char Digits[] = "0123456789abcdef";
    std::string text;
    bytes = bytes.substr(0, DumpLimit);
    for (size_t row = 0; row < bytes.size(); row += 16) {
        for (const int shift : {12, 8, 4, 0})
            text += Digits[(row >> shift) & 15];
        text += "  ";
        std::string shown;
        for (size_t i = row; i < row + 16; ++i) {
            if (i >= bytes.size()) {
                text += "   ";
                continue;
            }
            const auto u = static_cast<unsigned char>(bytes[i]);
            text += Digits[u >> 4];
            text += Digits[u & 15];
            text += ' ';
            shown += u >= 0x20 && u < 0x7f ? bytes[i] : '.';
        }
        text += ' ' + shown + '\n';
    }
    return text;
}

PrettyBody prettyXml(std::string_view bytes)
{
    PrettyBody pretty;
    pretty.view = BodyView::Xml;
    QXmlStreamReader reader(QByteArray(bytes.data(), qsizetype(bytes.size())));
    QString out;
    QXmlStreamWriter writer(&out);
    writer.setAutoFormatting(true);
    writer.setAutoFormattingIndent(2);
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.hasError())
            break;
        if (!reader.isWhitespace())
            writer.writeCurrentToken(reader);
    }
    pretty.text = out.trimmed().toStdString();
    if (!reader.hasError())
        return pretty;
    pretty.problem = "line " + std::to_string(reader.lineNumber()) + ", column " +
                     std::to_string(reader.columnNumber()) + ": " +
                     reader.errorString().toStdString();
    pretty.text = bytes; // as it came
    return pretty;
}

PrettyBody prettyForm(std::string_view bytes)
{
    PrettyBody pretty;
    pretty.view = BodyView::Form;
    while (!bytes.empty()) {
        const size_t end = std::min(bytes.find('&'), bytes.size());
        const std::string_view field = bytes.substr(0, end);
        const size_t equals = std::min(field.find('='), field.size());
        pretty.text += percentDecoded(field.substr(0, equals)) + " = " +
                       percentDecoded(field.substr(std::min(equals + 1, field.size()))) + '\n';
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return pretty;
}

// Text in its own character set where that is Latin-1, else UTF-8.
PrettyBody prettyText(std::string_view contentType, std::string_view bytes)
{
    PrettyBody pretty;
    pretty.view = BodyView::Text;
    const std::string charset = lowered(parameter(contentType, "charset"));
    const bool latin = charset == "iso-8859-1" || charset == "latin1" || charset == "windows-1252";
    if (isUtf8(bytes)) {
        pretty.text = bytes;
    } else if (latin) {
        pretty.text = QString::fromLatin1(bytes.data(), qsizetype(bytes.size())).toStdString();
    } else {
        pretty.view = BodyView::Binary;
        pretty.text = hexDump(bytes);
    }
    return pretty;
}

PrettyBody pretty(std::string_view contentType, std::string_view bytes, const Redaction* redaction)
{
    if (bytes.empty())
        return {};
    const std::string type = mediaType(contentType);
    const std::string_view start = trimmed(bytes.substr(0, 64));
    const bool untyped = type.empty() || type == "text/plain" || type == "application/octet-stream";
    const bool looksLikeJson = untyped && (start.starts_with('{') || start.starts_with('['));
    if (type.starts_with("image/") && type != "image/svg+xml")
        return {BodyView::Image, {}, {}};
    if (type.ends_with("/json") || type.ends_with("+json") || looksLikeJson) {
        const std::string json = redaction ? redactedJson(bytes, *redaction) : std::string(bytes);
        PrettyJson laidOut = prettyJson(json);
        if (laidOut.problem.empty() || !looksLikeJson)
            return {BodyView::Json, std::move(laidOut.text), std::move(laidOut.problem)};
        return prettyText(contentType, json);
    }
    if (type.ends_with("/xml") || type.ends_with("+xml"))
        return prettyXml(bytes);
    if (type == "application/x-www-form-urlencoded")
        return prettyForm(redaction ? redactedForm(bytes, *redaction) : std::string(bytes));
    if (type.starts_with("multipart/"))
        return prettyMultipart(parameter(contentType, "boundary"), bytes, redaction);
    if (redaction && isUtf8(bytes)) // lines of JSON, scripts with an object
        return prettyText(contentType, redactedJson(bytes, *redaction));
    return prettyText(contentType, bytes);
}

} // namespace

PrettyBody prettyBody(std::string_view contentType, std::string_view bytes)
{
    return pretty(contentType, bytes, nullptr);
}

PrettyBody prettyBody(std::string_view contentType, std::string_view bytes,
                      const Redaction& redaction)
{
    return pretty(contentType, bytes, &redaction);
}

} // namespace sallyport::inspect
