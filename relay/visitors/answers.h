// What the relay says to visitors itself: the words and codes of its error answers, in one place.
// Codes (header Sallyport-Error) are listed in docs/errors.md.
#pragma once

#include "visitors/exchange.h"

#include <sallyport/config/addresses.h>
#include <sallyport/http/error_response.h>
#include <sallyport/net/address.h>

#include <string>
#include <vector>

namespace sallyport::relay {

http::ErrorAnswer unknownHost();
http::ErrorAnswer agentAway();
http::ErrorAnswer tooManyWaiting();
http::ErrorAnswer connectRefused();
http::ErrorAnswer unsupportedProtocol();
http::ErrorAnswer misdirectedRequest();
http::ErrorAnswer badUpgrade();
http::ErrorAnswer headTimedOut();
http::ErrorAnswer plaintextLink();
http::ErrorAnswer tooManyHandshakes();
http::ErrorAnswer bodyTimedOut();
http::ErrorAnswer upstreamTimedOut();
http::ErrorAnswer badHead(http::HeadError error);
http::ErrorAnswer answerFor(ExchangeFailure failure, wire::StreamFailure code,
                            http::HeadError headError);

// GET /health on a host that is no tunnel's.
// `trouble` is shown after "fail: "; empty when all is well.
std::string healthAnswer(const http::RequestHead& head, std::string_view trouble);

// 301, or 308 for methods whose request must stay what it is, to the same on https.
std::string redirectAnswer(const http::RequestHead& head, uint64_t httpsPort, bool close);

bool isTrusted(const std::vector<config::Network>& networks, const net::Address& peer);

} // namespace sallyport::relay
