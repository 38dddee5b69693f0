#include "openssl.h"

#include <openssl/err.h>

namespace sallyport::tls {

BioPtr memoryBio(std::string_view text)
{
    // OpenSSL takes no null pointer, which is what an empty view may hold.
    return BioPtr(BIO_new_mem_buf(text.empty() ? "" : text.data(), static_cast<int>(text.size())));
}

std::string libraryReason()
{
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? reason : "no further reason";
}

int noPassphrase(char*, int, int, void*)
{
    return -1;
}

} // namespace sallyport::tls
