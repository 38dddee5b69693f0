#include "captured_exchange.h"

#include "head_text.h"

namespace sallyport::inspect {

Exchange CapturedExchange::toExchange(const Redaction& redaction) const
{
    Exchange exchange;
    exchange.record = record;
    exchange.requestLine = startLine(requestHead);
    exchange.statusLine = startLine(responseHead);
    exchange.requestHeaders = headerLines(requestHead, redaction);
    exchange.responseHeaders = headerLines(responseHead, redaction);
    exchange.responseTrailers = trailerLines(trailers, redaction);
    const bool frames = record.kind == RecordKind::WebSocket;
    exchange.requestBody = {frames ? 0 : record.requestBytes, request.kept};
    exchange.responseBody = {frames ? 0 : record.responseBytes, response.kept};
    exchange.messages.assign(messages.begin(), messages.end());
    return exchange;
}

} // namespace sallyport::inspect
