// What visitors hear from filters (docs/errors.md).
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/http/error_response.h>

#include <string_view>

namespace sallyport::relay {

http::ErrorAnswer networkRefused();
// `challenge` is the value of WWW-Authenticate; it must outlive the answer.
http::ErrorAnswer credentialsRequired(std::string_view challenge);
http::ErrorAnswer credentialsWrong(std::string_view challenge);
http::ErrorAnswer tooManyAttempts(Duration wait);
http::ErrorAnswer checksBusy();

} // namespace sallyport::relay
