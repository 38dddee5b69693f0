// What a CA offers and where (RFC 8555 section 7.1.1). Private to this library.
#pragma once

#include <sallyport/base/result.h>

#include <string>
#include <string_view>

namespace sallyport::acme {

struct Directory
{
    std::string newNonce;
    std::string newAccount;
    std::string newOrder;
    std::string renewalInfo; // RFC 9773; empty: not offered
    std::string terms;
    bool externalAccountRequired = false;

    static Result<Directory, std::string> parse(std::string_view json);
};

} // namespace sallyport::acme
