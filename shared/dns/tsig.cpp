#include <sallyport/dns/message.h>
#include <sallyport/dns/tsig.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace sallyport::dns {

using namespace detail;

namespace {

constexpr unsigned TypeTsig = 250, ClassAny = 255;
constexpr unsigned Fudge = 300; // seconds
constexpr size_t HeaderSize = 12;

std::string_view algorithmName(TsigAlgorithm algorithm)
{
    return algorithm == TsigAlgorithm::HmacSha512 ? "hmac-sha512" : "hmac-sha256";
}

void appendTime(std::string& to, uint64_t time)
{
    appendU16(to, unsigned(time >> 32 & 0xffff));
    appendU16(to, unsigned(time >> 16 & 0xffff));
    appendU16(to, unsigned(time & 0xffff));
}

// Section 4.3.3: what is signed behind the message.
std::string variables(const std::string& keyName, const std::string& algorithm, uint64_t time,
                      unsigned fudge, unsigned error, std::string_view other)
{
    std::string text = keyName;
    appendU16(text, ClassAny);
    appendU16(text, 0);
    appendU16(text, 0);
    text += algorithm;
    appendTime(text, time);
    appendU16(text, fudge);
    appendU16(text, error);
    appendU16(text, unsigned(other.size()));
    text += other;
    return text;
}

std::string macOf(const TsigKey& key, const std::string& text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const EVP_MD* hash = key.algorithm == TsigAlgorithm::HmacSha512 ? EVP_sha512() : EVP_sha256();
    if (!HMAC(hash, key.secret.reveal().data(), int(key.secret.reveal().size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
              &size))
        return {};
    return {reinterpret_cast<const char*>(digest.data()), size};
}

// The last record of an answer, if it is a TSIG one.
struct Record
{
    size_t at = 0;
    std::string keyName, algorithm; // in wire form
    uint64_t time = 0;
    unsigned fudge = 0, originalId = 0, error = 0;
    std::string_view mac, other;
};

std::string errorText(unsigned error)
{
    switch (error) {
    case 16:
        return "BADSIG: the secret is wrong";
    case 17:
        return "BADKEY: the server knows no key of this name";
    case 18:
        return "BADTIME: this machine's clock and the server's differ";
    case 22:
        return "BADTRUNC";
    default:
        return "error " + std::to_string(error);
    }
}

std::optional<std::string> lowerName(std::string_view message, size_t at)
{
    const auto end = skipName(message, at);
    if (!end)
        return std::nullopt;
    std::string name(message.substr(at, *end - at));
    for (char& c : name)
        if (c >= 'A' && c <= 'Z')
            c = char(c + 32);
    return name;
}

std::optional<Record> findRecord(std::string_view message)
{
    if (message.size() < HeaderSize || u16At(message, 10) == 0)
        return std::nullopt;
    size_t at = HeaderSize;
    for (unsigned i = 0; i < u16At(message, 4); ++i) {
        const auto end = skipName(message, at);
        if (!end || *end + 4 > message.size())
            return std::nullopt;
        at = *end + 4;
    }
    const size_t records = size_t(u16At(message, 6)) + u16At(message, 8) + u16At(message, 10);
    for (size_t i = 0; i + 1 < records; ++i) {
        const auto end = skipRecord(message, at);
        if (!end)
            return std::nullopt;
        at = *end;
    }
    const auto end = skipRecord(message, at);
    const auto fixed = skipName(message, at);
    if (!end || *end != message.size() || u16At(message, *fixed) != TypeTsig)
        return std::nullopt;
    Record record;
    record.at = at;
    record.keyName = lowerName(message, at).value_or("");
    const size_t data = *fixed + 10;
    const auto behindName = skipName(message, data);
    if (!behindName || *behindName + 10 > message.size())
        return std::nullopt;
    record.algorithm = lowerName(message, data).value_or("");
    size_t p = *behindName;
    for (int i = 0; i < 3; ++i, p += 2)
        record.time = record.time << 16 | u16At(message, p);
    record.fudge = u16At(message, p);
    const size_t macSize = u16At(message, p + 2);
    p += 4;
    if (p + macSize + 6 > message.size())
        return std::nullopt;
    record.mac = message.substr(p, macSize);
    p += macSize;
    record.originalId = u16At(message, p);
    record.error = u16At(message, p + 2);
    const size_t otherSize = u16At(message, p + 4);
    if (p + 6 + otherSize != message.size())
        return std::nullopt;
    record.other = message.substr(p + 6, otherSize);
    return record;
}

} // namespace

Result<SignedMessage, std::string> sign(std::string_view message, const TsigKey& key, uint64_t time)
{
    std::string keyName, algorithm;
    if (message.size() < HeaderSize || !appendName(keyName, key.name) ||
        !appendName(algorithm, algorithmName(key.algorithm)))
        return Failure(std::string("the TSIG key's name is no DNS name"));
    SignedMessage done;
    done.mac = macOf(key, std::string(message) + variables(keyName, algorithm, time, Fudge, 0, {}));
    if (done.mac.empty())
        return Failure(std::string("OpenSSL could not sign a DNS message"));
    std::string data = algorithm;
    appendTime(data, time);
    appendU16(data, Fudge);
    appendU16(data, unsigned(done.mac.size()));
    data += done.mac;
    data += message.substr(0, 2);
    appendU16(data, 0);
    appendU16(data, 0);
    std::string& text = done.message;
    text = std::string(message.substr(0, 10));
    appendU16(text, u16At(message, 10) + 1);
    text += message.substr(HeaderSize);
    text += keyName;
    appendU16(text, TypeTsig);
    appendU16(text, ClassAny);
    appendU16(text, 0);
    appendU16(text, 0);
    appendU16(text, unsigned(data.size()));
    text += data;
    return done;
}

Result<void, std::string> verify(std::string_view answer, const SignedMessage& request,
                                 const TsigKey& key, uint64_t time)
{
    const auto record = findRecord(answer);
    if (!record)
        return Failure(std::string("the name server's answer is not signed"));
    if (record->error != 0)
        return Failure("the name server does not take our signature: " + errorText(record->error));
    std::string keyName, algorithm;
    if (!appendName(keyName, key.name) || !appendName(algorithm, algorithmName(key.algorithm)) ||
        keyName != record->keyName || algorithm != record->algorithm)
        return Failure(std::string("the name server's answer is signed with another key"));
    std::string text;
    appendU16(text, unsigned(request.mac.size()));
    text += request.mac;
    appendU16(text, record->originalId);
    text += answer.substr(2, 8);
    appendU16(text, u16At(answer, 10) - 1);
    text += answer.substr(HeaderSize, record->at - HeaderSize);
    text +=
        variables(keyName, algorithm, record->time, record->fudge, record->error, record->other);
    const std::string mac = macOf(key, text);
    if (mac.empty() || mac.size() != record->mac.size() ||
        CRYPTO_memcmp(mac.data(), record->mac.data(), mac.size()) != 0)
        return Failure(std::string("the signature of the name server's answer is wrong"));
    const uint64_t apart = time > record->time ? time - record->time : record->time - time;
    if (apart > Fudge)
        return Failure(std::string("the name server's clock and this machine's differ"));
    return {};
}

} // namespace sallyport::dns
