// Turns what OpenSSL left behind after a failed call into a code and a sentence. Private to this
// library.
#pragma once

#include "openssl.h"

#include <sallyport/base/bytes.h>
#include <sallyport/tls/error.h>

#include <string_view>

namespace sallyport::tls {

struct FailureFacts
{
    const SSL* ssl = nullptr;
    bool handshakeDone = false;
    bool pinned = false;       // the context trusts by pin
    int alertReceived = -1;    // RFC 8446 section 6
    ByteView firstBytes;       // of the peer's
    std::string_view peerNote; // names or pin of the refused certificate
    std::string_view serverName;
};

// Reads OpenSSL's error queue of this thread, and empties it.
Error describeFailure(const FailureFacts& facts);

} // namespace sallyport::tls
