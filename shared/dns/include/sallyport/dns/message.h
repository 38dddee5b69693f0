// The few DNS messages (RFC 1035, RFC 2136) that publishing a TXT record needs: asking for one,
// finding its zone, adding and removing one. Bytes in, bytes out; who sends them is the caller's.
#pragma once

#include <sallyport/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::dns {

enum class Type : uint16_t { Soa = 6, Txt = 16 };

// A question that wants recursion where the server offers it. Empty when the name is none.
std::string query(uint16_t id, std::string_view name, Type type);

// Adds or removes one TXT record, beside others of that name (RFC 2136 sections 2.5.1 and 2.5.4).
// The value has at most 255 bytes.
struct Update
{
    std::string zone;
    std::string name;
    std::string value;
    uint32_t ttl = 60;
    bool remove = false;
};
std::string update(uint16_t id, const Update& update);

struct Answer
{
    uint16_t id = 0;
    uint8_t code = 0; // 0: NOERROR
    bool truncated = false;
    std::vector<std::string> texts; // of all TXT records in the answer, their strings joined
    std::string zone; // the owner of the SOA record in answer or authority; "." for the root
};
// Names, counts and pointers of compression are checked; any bytes are fine. `question` is the
// message that is answered: another id, or a question that is not the same, is refused.
Result<Answer, std::string> parseAnswer(std::string_view message, std::string_view question);

// "NXDOMAIN", "REFUSED": for people.
std::string codeText(uint8_t code);

namespace detail {
// Uncompressed, in lower case; false when it is no name.
bool appendName(std::string& to, std::string_view name);
void appendU16(std::string& to, unsigned value);
unsigned u16At(std::string_view bytes, size_t at);
// Behind the name at `at`, or nothing when it ends outside.
std::optional<size_t> skipName(std::string_view message, size_t at);
// Behind the record at `at`.
std::optional<size_t> skipRecord(std::string_view message, size_t at);
} // namespace detail

} // namespace sallyport::dns
