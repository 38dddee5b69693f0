#include "syntax.h"

#include <sallyport/http/body_reader.h>

#include <limits>

namespace sallyport::http {

std::string_view describe(BodyError error)
{
    switch (error) {
    case BodyError::None:
        return "The body is sound.";
    case BodyError::InvalidChunkSize:
        return "A chunk's size is not a hexadecimal number of at most 16 digits.";
    case BodyError::InvalidChunkExtension:
        return "A chunk extension is malformed.";
    case BodyError::ChunkExtensionTooLong:
        return "The chunk extensions are longer than allowed.";
    case BodyError::MissingChunkEnd:
        return "A chunk does not end with carriage return and line feed.";
    case BodyError::InvalidTrailer:
        return "A trailer line is malformed.";
    case BodyError::ForbiddenTrailer:
        return "A trailer holds a field that is not allowed there.";
    case BodyError::TrailersTooLarge:
        return "The trailers are larger than allowed.";
    case BodyError::Truncated:
        return "The connection ended before the body did.";
    }
    return "The body is not valid.";
}

BodyReader::BodyReader(BodyFraming framing, const BodyLimits& limits) : m_limits(limits)
{
    switch (framing.kind) {
    case BodyKind::None:
        break;
    case BodyKind::Length:
        m_remaining = framing.length;
        m_state = m_remaining == 0 ? State::Complete : State::Length;
        break;
    case BodyKind::Chunked:
        m_state = State::SizeFirst;
        break;
    case BodyKind::UntilClose:
        m_state = State::UntilClose;
        break;
    }
}

size_t BodyReader::pass(ByteView bytes)
{
    return decode(bytes, [](ByteView) {});
}

void BodyReader::endOfInput()
{
    if (m_state == State::UntilClose)
        m_state = State::Complete;
    else if (!complete() && !failed())
        fail(BodyError::Truncated);
}

uint64_t BodyReader::dataAhead() const
{
    switch (m_state) {
    case State::UntilClose:
        return std::numeric_limits<uint64_t>::max();
    case State::Length:
    case State::Data:
        return m_remaining;
    default:
        return 0;
    }
}

BodyReader::Step BodyReader::step(ByteView bytes)
{
    if (m_state == State::UntilClose)
        return {bytes.size(), true};
    if (m_state == State::Length || m_state == State::Data)
        return {takeData(bytes.size()), true};
    return {takeFraming(bytes), false};
}

size_t BodyReader::takeData(size_t available)
{
    const auto n = static_cast<size_t>(std::min<uint64_t>(available, m_remaining));
    m_remaining -= n;
    if (m_remaining == 0)
        m_state = m_state == State::Length ? State::Complete : State::DataCr;
    return n;
}

size_t BodyReader::takeFraming(ByteView bytes)
{
    size_t used = 0;
    while (used < bytes.size() && m_state != State::Data && !complete()) {
        onByte(std::to_integer<char>(bytes[used]));
        if (failed())
            break;
        ++used;
    }
    return used;
}

// The whole of the chunked grammar: SizeFirst begins a chunk, SizeLf ends its size line, DataLf the
// chunk, TrailerStart begins a trailer line or the final empty one.
void BodyReader::onByte(char c)
{
    switch (m_state) {
    case State::SizeFirst:
    case State::Size:
        return onSizeByte(c);
    case State::SizeLf:
        return c == '\n' ? endSizeLine() : fail(BodyError::MissingChunkEnd);
    case State::DataCr:
        return c == '\r' ? enter(State::DataLf) : fail(BodyError::MissingChunkEnd);
    case State::DataLf:
        return c == '\n' ? enter(State::SizeFirst) : fail(BodyError::MissingChunkEnd);
    case State::TrailerStart:
    case State::TrailerName:
    case State::TrailerValue:
    case State::TrailerLf:
        return onTrailerByte(c);
    case State::FinalLf:
        return c == '\n' ? enter(State::Complete) : fail(BodyError::InvalidTrailer);
    default:
        return onExtensionByte(c);
    }
}

static int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = toLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void BodyReader::onSizeByte(char c)
{
    if (const int digit = hexValue(c); digit >= 0) {
        if (m_state == State::SizeFirst) {
            m_remaining = 0;
            m_digits = 0;
            m_extension = 0;
            m_state = State::Size;
        }
        if (++m_digits > 16)
            return fail(BodyError::InvalidChunkSize);
        m_remaining = (m_remaining << 4) | static_cast<uint64_t>(digit);
    } else if (m_state == State::Size && c == '\r') {
        m_state = State::SizeLf;
    } else if (m_state == State::Size && c == ';') {
        onExtensionByte(c);
    } else {
        fail(BodyError::InvalidChunkSize);
    }
}

// chunk-ext = *( ";" name [ "=" ( token / quoted-string ) ] )
void BodyReader::onExtensionByte(char c)
{
    const bool mayEnd = m_state == State::Size || m_state == State::ExtensionNameRest ||
                        m_state == State::ExtensionToken || m_state == State::ExtensionQuotedEnd;
    if (mayEnd && c == '\r')
        return enter(State::SizeLf);
    if (++m_extension > m_limits.extension || ++m_extensions > m_limits.extensions)
        return fail(BodyError::ChunkExtensionTooLong);
    if (mayEnd && c == ';')
        return enter(State::ExtensionName);
    switch (m_state) {
    case State::ExtensionName:
        return isTokenChar(c) ? enter(State::ExtensionNameRest)
                              : fail(BodyError::InvalidChunkExtension);
    case State::ExtensionNameRest:
        if (c == '=')
            return enter(State::ExtensionValue);
        return isTokenChar(c) ? void() : fail(BodyError::InvalidChunkExtension);
    case State::ExtensionValue:
        if (c == '"')
            return enter(State::ExtensionQuoted);
        return isTokenChar(c) ? enter(State::ExtensionToken)
                              : fail(BodyError::InvalidChunkExtension);
    case State::ExtensionToken:
        return isTokenChar(c) ? void() : fail(BodyError::InvalidChunkExtension);
    case State::ExtensionQuoted:
        if (c == '"')
            return enter(State::ExtensionQuotedEnd);
        if (c == '\\')
            return enter(State::ExtensionEscape);
        return isValueChar(c) ? void() : fail(BodyError::InvalidChunkExtension);
    case State::ExtensionEscape:
        return isValueChar(c) ? enter(State::ExtensionQuoted)
                              : fail(BodyError::InvalidChunkExtension);
    default:
        return fail(BodyError::InvalidChunkExtension);
    }
}

void BodyReader::endSizeLine()
{
    m_state = m_remaining == 0 ? State::TrailerStart : State::Data;
}

void BodyReader::onTrailerByte(char c)
{
    if (m_state == State::TrailerStart && c == '\r')
        return enter(State::FinalLf);
    if (++m_trailers > m_limits.trailers)
        return fail(BodyError::TrailersTooLarge);
    if (m_keptTrailers)
        m_keptTrailers->push_back(c);
    switch (m_state) {
    case State::TrailerStart:
        m_nameSize = 0;
        [[fallthrough]];
    case State::TrailerName:
        if (isTokenChar(c)) {
            if (m_nameSize < m_name.size())
                m_name[m_nameSize++] = c;
            return enter(State::TrailerName);
        }
        if (m_state == State::TrailerName && c == ':')
            return endTrailerName();
        return fail(BodyError::InvalidTrailer);
    case State::TrailerValue:
        if (c == '\r')
            return enter(State::TrailerLf);
        return isValueChar(c) ? void() : fail(BodyError::InvalidTrailer);
    default:
        return c == '\n' ? enter(State::TrailerStart) : fail(BodyError::InvalidTrailer);
    }
}

void BodyReader::endTrailerName()
{
    if (isForbiddenTrailer({m_name.data(), m_nameSize}))
        return fail(BodyError::ForbiddenTrailer);
    m_state = State::TrailerValue;
}

void BodyReader::fail(BodyError error)
{
    m_state = State::Failed;
    m_error = error;
}

} // namespace sallyport::http
