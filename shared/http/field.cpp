#include "syntax.h"

#include <sallyport/http/field.h>

#include <array>

namespace sallyport::http {

static FieldId identifyExactly(std::string_view name)
{
    const auto is = [name](std::string_view known) { return equalsNoCase(name, known); };
    switch (name.size()) {
    case 2:
        return is("te") ? FieldId::Te : FieldId::Other;
    case 4:
        return is("host") ? FieldId::Host : FieldId::Other;
    case 5:
        return is("proxy") ? FieldId::Spoof : FieldId::Other;
    case 6:
        return is("expect") ? FieldId::Expect : FieldId::Other;
    case 7:
        return is("upgrade") ? FieldId::Upgrade : is("trailer") ? FieldId::Trailer : FieldId::Other;
    case 9:
        return is("forwarded")   ? FieldId::Forwarded
               : is("x-real-ip") ? FieldId::XForwardedOther
                                 : FieldId::Other;
    case 10:
        return is("connection")   ? FieldId::Connection
               : is("keep-alive") ? FieldId::KeepAlive
                                  : FieldId::Other;
    case 12:
        if (is("x-request-id"))
            return FieldId::XRequestId;
        break;
    case 14:
        if (is("content-length"))
            return FieldId::ContentLength;
        break;
    case 15:
        if (is("x-forwarded-for"))
            return FieldId::XForwardedFor;
        if (is("sallyport-error"))
            return FieldId::SallyportError;
        break;
    case 16:
        if (is("x-forwarded-host"))
            return FieldId::XForwardedHost;
        if (is("proxy-connection"))
            return FieldId::ProxyConnection;
        break;
    case 17:
        if (is("x-forwarded-proto"))
            return FieldId::XForwardedProto;
        if (is("transfer-encoding"))
            return FieldId::TransferEncoding;
        break;
    }
    constexpr std::string_view Prefix = "x-forwarded-";
    if (name.size() > Prefix.size() && equalsNoCase(name.substr(0, Prefix.size()), Prefix))
        return FieldId::XForwardedOther;
    return FieldId::Other;
}

// Programs behind CGI-like interfaces see no difference between `-` and `_`.
static bool looksKnownWithUnderscores(std::string_view name)
{
    std::array<char, 24> copy;
    const size_t size = std::min(name.size(), copy.size());
    std::replace_copy(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), copy.begin(),
                      '_', '-');
    return identifyExactly({copy.data(), size}) != FieldId::Other;
}

bool isForbiddenTrailer(std::string_view name)
{
    if (identifyField(name) != FieldId::Other)
        return true;
    for (std::string_view other :
         {"authorization", "cookie", "set-cookie", "content-encoding", "content-type",
          "content-range", "cache-control", "max-forwards"})
        if (equalsNoCase(name, other))
            return true;
    return false;
}

FieldId identifyField(std::string_view name)
{
    const FieldId id = identifyExactly(name);
    if (id == FieldId::Other && name.find('_') != name.npos && looksKnownWithUnderscores(name))
        return FieldId::Spoof;
    return id;
}

} // namespace sallyport::http
