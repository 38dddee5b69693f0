#include "meaning.h"

#include "syntax.h"

namespace sallyport::http {

ConnectionOptions connectionOptions(const MessageHead& head)
{
    ConnectionOptions options;
    if (!head.present.has(FieldId::Connection))
        return options;
    for (const Field& field : head.fields) {
        if (field.id != FieldId::Connection)
            continue;
        forEachListMember(field.value, [&](std::string_view option) {
            if (equalsNoCase(option, "close"))
                options.close = true;
            else if (equalsNoCase(option, "keep-alive"))
                options.keepAlive = true;
            else if (equalsNoCase(option, "upgrade"))
                options.upgrade = true;
            else if (identifyField(option) == FieldId::Other)
                options.namesFields = true;
            return ++options.count <= ConnectionOptions::MaxOptions;
        });
    }
    return options;
}

bool keepsAlive(Version version, const ConnectionOptions& options)
{
    return !options.close && (version == Version::Http11 || options.keepAlive);
}

static std::optional<uint64_t> readLength(std::string_view digits)
{
    if (digits.empty())
        return {};
    uint64_t value = 0;
    for (char c : digits) {
        constexpr uint64_t Max = INT64_MAX;
        const auto digit = static_cast<uint64_t>(c - '0');
        if (!isDigit(c) || value > (Max - digit) / 10)
            return {};
        value = value * 10 + digit;
    }
    return value;
}

DeclaredFraming declaredFraming(const MessageHead& head)
{
    DeclaredFraming framing;
    const bool hasLength = head.present.has(FieldId::ContentLength);
    const bool hasEncoding = head.present.has(FieldId::TransferEncoding);
    if (!hasLength && !hasEncoding)
        return framing;
    if (hasLength && hasEncoding)
        return {HeadError::LengthAndTransferEncoding, {}, false};
    if (hasEncoding && head.version == Version::Http10)
        return {HeadError::TransferEncodingInHttp10, {}, false};
    for (const Field& field : head.fields) {
        if (field.id == FieldId::ContentLength) {
            if (framing.length)
                return {HeadError::SeveralContentLengths, {}, false};
            framing.length = readLength(field.value);
            if (!framing.length)
                return {HeadError::InvalidContentLength, {}, false};
        } else if (field.id == FieldId::TransferEncoding) {
            if (framing.chunked || !equalsNoCase(field.value, "chunked"))
                return {HeadError::UnsupportedTransferEncoding, {}, false};
            framing.chunked = true;
        }
    }
    return framing;
}

} // namespace sallyport::http
