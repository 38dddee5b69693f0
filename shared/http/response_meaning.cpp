#include "meaning.h"
#include "syntax.h"

namespace sallyport::http {

// RFC 9110 section 15.2.2 and 7.8: only what was asked for, and only when said completely.
static HeadError understandSwitch(const ResponseContext& context, const ConnectionOptions& options,
                                  ResponseHead& head)
{
    head.upgradeProtocol = head.value(FieldId::Upgrade);
    if (!context.upgradeRequested || head.version == Version::Http10 || !options.upgrade ||
        head.upgradeProtocol.empty())
        return HeadError::UnexpectedUpgrade;
    head.upgrade = true;
    head.keepAlive = false;
    return HeadError::None;
}

// RFC 9112 section 6.3
HeadError understandResponse(const ResponseContext& context, ResponseHead& head)
{
    const DeclaredFraming framing = declaredFraming(head);
    if (framing.error != HeadError::None)
        return framing.error;
    const ConnectionOptions options = connectionOptions(head);
    if (options.count > ConnectionOptions::MaxOptions)
        return HeadError::TooManyConnectionOptions;
    head.body = {};
    head.keepAlive = keepsAlive(head.version, options);
    head.connectionNamesFields = options.namesFields;
    head.upgrade = false;
    head.upgradeProtocol = {};

    const bool announcesBody = framing.chunked || framing.length.value_or(0) > 0;
    if (head.status < 200) {
        if (announcesBody)
            return HeadError::BodyNotAllowed;
        return head.status == 101 ? understandSwitch(context, options, head) : HeadError::None;
    }
    if (head.status == 204) {
        // Careless services announce a body here; whether it comes is anyone's guess, so nothing
        // that follows on this connection is believed.
        head.keepAlive = head.keepAlive && !announcesBody;
        return HeadError::None;
    }
    if (head.status == 304 || context.method == Method::Head)
        return HeadError::None;
    if (framing.chunked)
        head.body = {BodyKind::Chunked, 0};
    else if (framing.length)
        head.body = {BodyKind::Length, *framing.length};
    else
        head.body = {BodyKind::UntilClose, 0};
    head.keepAlive = head.keepAlive && head.body.kind != BodyKind::UntilClose;
    return HeadError::None;
}

} // namespace sallyport::http
