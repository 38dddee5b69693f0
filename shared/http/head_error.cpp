#include <sallyport/http/head_error.h>

namespace sallyport::http {

HeadErrorInfo describe(HeadError error)
{
    switch (error) {
    case HeadError::None:
        return {200, "none", "The head is sound."};
    case HeadError::NulByte:
        return {400, "nul-byte", "A NUL byte stands in the head."};
    case HeadError::BareCr:
        return {400, "bare-cr", "A carriage return is not followed by a line feed."};
    case HeadError::BareLf:
        return {400, "bare-lf", "A line ends with a line feed alone, without carriage return."};
    case HeadError::ControlCharacter:
        return {400, "control-character", "A control character stands in the head."};
    case HeadError::ObsoleteFold:
        return {400, "obsolete-fold", "A header line begins with white space (line folding)."};
    case HeadError::InvalidFieldName:
        return {400, "invalid-field-name", "A header name holds a character that it may not hold."};
    case HeadError::SpaceBeforeColon:
        return {400, "space-before-colon",
                "White space stands between a header name and its colon."};
    case HeadError::MissingColon:
        return {400, "missing-colon", "A header line has no colon."};
    case HeadError::InvalidRequestLine:
        return {400, "invalid-request-line", "The first line is not an HTTP request line."};
    case HeadError::InvalidMethod:
        return {400, "invalid-method", "The method holds a character that it may not hold."};
    case HeadError::MethodTooLong:
        return {501, "method-too-long", "The method's name is too long to be one that is known."};
    case HeadError::InvalidTarget:
        return {400, "invalid-target", "The request's target is not a valid path or URL."};
    case HeadError::UnsupportedVersion:
        return {505, "unsupported-version", "Only HTTP/1.1 and HTTP/1.0 are understood here."};
    case HeadError::InvalidStatusLine:
        return {502, "invalid-status-line", "The first line is not an HTTP status line."};
    case HeadError::TargetTooLong:
        return {414, "target-too-long", "The request's target is longer than allowed."};
    case HeadError::HeadTooLarge:
        return {431, "head-too-large", "The message's head is larger than allowed."};
    case HeadError::TooManyFields:
        return {431, "too-many-fields", "The message has more header lines than allowed."};
    case HeadError::MissingHost:
        return {400, "missing-host", "The request has no Host header."};
    case HeadError::SeveralHosts:
        return {400, "several-hosts", "The request has more than one Host header."};
    case HeadError::InvalidHost:
        return {400, "invalid-host", "The request names no valid host."};
    case HeadError::InvalidContentLength:
        return {400, "invalid-content-length", "Content-Length is not a number."};
    case HeadError::SeveralContentLengths:
        return {400, "several-content-lengths", "There is more than one Content-Length header."};
    case HeadError::LengthAndTransferEncoding:
        return {400, "length-and-transfer-encoding",
                "Content-Length and Transfer-Encoding are both given."};
    case HeadError::UnsupportedTransferEncoding:
        return {400, "unsupported-transfer-encoding",
                "Transfer-Encoding is not exactly `chunked`."};
    case HeadError::TransferEncodingInHttp10:
        return {400, "transfer-encoding-in-http10", "HTTP/1.0 has no Transfer-Encoding."};
    case HeadError::BodyNotAllowed:
        return {502, "body-not-allowed", "A response that has no body announces one."};
    case HeadError::TooManyConnectionOptions:
        return {400, "too-many-connection-options", "Connection lists more options than allowed."};
    case HeadError::UnknownExpectation:
        return {417, "unknown-expectation", "Expect holds something other than 100-continue."};
    case HeadError::UnexpectedUpgrade:
        return {502, "unexpected-upgrade",
                "The response switches protocols, which the request did not ask for."};
    }
    return {400, "unknown", "The head is not valid."};
}

} // namespace sallyport::http
