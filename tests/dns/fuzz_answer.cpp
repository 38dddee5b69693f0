// An answer of any bytes, plain and signed.
#include <sallyport/dns/message.h>
#include <sallyport/dns/tsig.h>

#include <cstdint>
#include <string>

using namespace sallyport::dns;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string answer(reinterpret_cast<const char*>(data), size);
    const TsigKey key{"key.test", TsigAlgorithm::HmacSha256, sallyport::Secret("secret")};
    (void)parseAnswer(answer, query(1, "a.test", Type::Txt));
    (void)verify(answer, {query(1, "a.test", Type::Txt), "mac"}, key, 1'700'000'000);
    return 0;
}
