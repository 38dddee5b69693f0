#include "answers.h"
#include "timestamps.h"

#include <sallyport/acme/problem.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sallyport::acme {

using namespace std::chrono;

std::string_view Response::header(std::string_view name) const
{
    for (const auto& [key, value] : headers)
        if (key == name)
            return value;
    return {};
}

std::optional<Duration> Response::retryAfter(tls::SystemTime now) const
{
    const std::string_view text = header("retry-after");
    if (text.empty())
        return std::nullopt;
    constexpr auto most = seconds(hours(24 * 30));
    uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (end == text.data() + text.size() && error != std::errc::invalid_argument)
        return error == std::errc() ? std::min(most, seconds(std::min<uint64_t>(count, 1U << 31)))
                                    : most;
    const auto date = parseHttpDate(text);
    if (!date)
        return std::nullopt;
    return std::clamp(ceil<seconds>(*date - now), seconds(0), most);
}

bool Problem::permanent() const
{
    static constexpr std::array<std::string_view, 9> types = {
        "rejectedIdentifier", "unsupportedIdentifier",   "unsupportedContact",
        "invalidContact",     "externalAccountRequired", "badCSR",
        "badPublicKey",       "userActionRequired",      "badSignatureAlgorithm"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

std::string Problem::text() const
{
    return detail.empty() ? type : type + ": " + detail;
}

Problem problemOf(const Response& response, tls::SystemTime now)
{
    Problem problem = readProblem(response.body);
    problem.status = response.status;
    problem.retryAfter = response.retryAfter(now);
    if (problem.type.empty()) {
        problem.type = response.status == 429   ? "rateLimited"
                       : response.status >= 500 ? "serverInternal"
                                                : "garbage";
        if (problem.detail.empty())
            problem.detail =
                "the CA answered with status " + std::to_string(response.status) + " alone";
    }
    return problem;
}

} // namespace sallyport::acme
