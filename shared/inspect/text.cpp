#include "text.h"

#include <QByteArray>
#include <QStringDecoder>

#include <algorithm>

namespace sallyport::inspect {

namespace {

int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

} // namespace

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool containsAnyCase(std::string_view text, std::string_view part)
{
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end() ||
           part.empty();
}

bool equalAnyCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string result;
    result.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        const bool coded =
            text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        if (coded) {
            result.push_back(char(hex(text[i + 1]) * 16 + hex(text[i + 2])));
            i += 2;
        } else {
            result.push_back(plusIsSpace && text[i] == '+' ? ' ' : text[i]);
        }
    }
    return result;
}

std::string mediaType(std::string_view contentType)
{
    return lowered(trimmed(contentType.substr(0, contentType.find(';'))));
}

std::string parameter(std::string_view headerValue, std::string_view name)
{
    while (true) {
        const size_t semicolon = headerValue.find(';');
        if (semicolon == std::string_view::npos)
            return {};
        headerValue = trimmed(headerValue.substr(semicolon + 1));
        const size_t equals = headerValue.find('=');
        if (equals == std::string_view::npos)
            return {};
        if (!equalAnyCase(trimmed(headerValue.substr(0, equals)), name))
            continue;
        std::string_view value = headerValue.substr(equals + 1);
        if (!value.starts_with('"'))
            return std::string(trimmed(value.substr(0, value.find(';'))));
        std::string result;
        for (size_t i = 1; i < value.size() && value[i] != '"'; ++i) {
            if (value[i] == '\\' && i + 1 < value.size())
                ++i;
            result.push_back(value[i]);
        }
        return result;
    }
}

bool isUtf8(std::string_view text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString result = decoder(QByteArrayView(text.data(), qsizetype(text.size())));
    return !decoder.hasError() && !result.contains(QChar::Null);
}

std::string base64(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString();
}

} // namespace sallyport::inspect
