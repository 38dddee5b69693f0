// A CA that answers an order with any bytes.
#include <sallyport/acme/client.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace sallyport;
using namespace sallyport::acme;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const AccountKey key = AccountKey::make().value();
    static const Secret orderKey = makeKey(KeyType::EcP256).value();
    Now now{TimePoint(std::chrono::hours(1)), tls::SystemTime(std::chrono::hours(480'000))};
    ClientConfig config;
    config.directoryUrl = "https://ca.test/dir";
    Client client(config, key);
    client.order({{"a.test"}, {ChallengeType::Http01, ChallengeType::Dns01}, 0, orderKey, {}, {}},
                 now);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    for (int i = 0; i < 50 && !rest.empty(); ++i) {
        while (auto event = client.nextEvent())
            if (const auto* present = std::get_if<Present>(&*event))
                client.presented(present->order, present->index, now);
        const auto request = client.takeRequest(now);
        if (!request) {
            const auto next = client.nextDeadline();
            if (!next)
                break;
            now.steady = std::max(now.steady, *next);
            client.handleTimeout(now);
            continue;
        }
        // The input is cut at zero bytes: one part for each answer.
        const std::string_view part = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        client.receive(request->id,
                       {part.size() % 5 == 4 ? 400 : 200,
                        {{"replay-nonce", "n"}, {"location", "https://ca.test/x"}},
                        std::string(part)},
                       now);
    }
    return 0;
}
