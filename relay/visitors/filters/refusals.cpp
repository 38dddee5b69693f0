#include "visitors/filters/refusals.h"

namespace sallyport::relay {

using http::ErrorAnswer;
using http::Side;
using std::chrono::seconds;

ErrorAnswer networkRefused()
{
    return {403, "network-refused", "This service is not open to your network.", Side::Visitor,
            "Come from a network that its owner allows, or ask them."};
}

ErrorAnswer credentialsRequired(std::string_view challenge)
{
    ErrorAnswer answer{401, "credentials-required", "This service asks for a password or token.",
                       Side::Visitor, "Reload the page to be asked for them again."};
    answer.challenge = challenge;
    return answer;
}

ErrorAnswer credentialsWrong(std::string_view challenge)
{
    ErrorAnswer answer{401, "credentials-wrong", "This password or token is not right.",
                       Side::Visitor, "Reload the page to try again."};
    answer.challenge = challenge;
    return answer;
}

ErrorAnswer tooManyAttempts(Duration wait)
{
    return {429,
            "too-many-attempts",
            "There were too many attempts from your address that failed.",
            Side::Visitor,
            "Wait a little before you try again.",
            std::chrono::ceil<seconds>(wait)};
}

ErrorAnswer checksBusy()
{
    return {503, "checks-busy", "Too many passwords are being checked at this moment.", Side::Relay,
            {},  seconds(1)};
}

} // namespace sallyport::relay
