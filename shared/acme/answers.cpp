#include "answers.h"

#include "json.h"
#include "timestamps.h"

#include <algorithm>

namespace sallyport::acme {

namespace {

constexpr size_t UrlLimit = 2048;
constexpr size_t TokenLimit = 256;
constexpr size_t AuthorizationsLimit = 100;
constexpr size_t OffersLimit = 20;
constexpr size_t DetailLimit = 500;
constexpr std::string_view ErrorPrefix = "urn:ietf:params:acme:error:";

std::string textAt(const Json& object, const char* name, size_t limit = UrlLimit)
{
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string())
        return {};
    const auto& text = at->get_ref<const std::string&>();
    return text.size() > limit ? std::string() : text;
}

std::string urlAt(const Json& object, const char* name)
{
    std::string text = textAt(object, name);
    return isUrl(text) ? text : std::string();
}

Failure<std::string> wrong(std::string_view document, std::string_view what)
{
    return Failure("the CA's " + std::string(document) + " " + std::string(what));
}

// Tokens go into URLs and DNS: base64url alone (RFC 8555 section 8.1).
bool isToken(std::string_view text)
{
    return !text.empty() && text.size() <= TokenLimit &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

Problem problemIn(const Json& object)
{
    Problem problem;
    std::string type = textAt(object, "type", 200);
    if (type.starts_with(ErrorPrefix))
        type.erase(0, ErrorPrefix.size());
    problem.type = cleanText(type, 100);
    problem.detail = cleanText(textAt(object, "detail", 16 * 1024), DetailLimit);
    const auto subs = object.find("subproblems");
    if (subs != object.end() && subs->is_array() && !subs->empty() && subs->front().is_object()) {
        const std::string first =
            cleanText(textAt(subs->front(), "detail", 16 * 1024), DetailLimit);
        if (!first.empty() && problem.detail.size() + first.size() + 3 <= DetailLimit)
            problem.detail += " (" + first + ")";
    }
    return problem;
}

std::optional<Problem> errorIn(const Json& object)
{
    const auto at = object.find("error");
    if (at == object.end() || !at->is_object())
        return std::nullopt;
    return problemIn(*at);
}

} // namespace

std::string cleanText(std::string_view text, size_t limit)
{
    std::string clean;
    for (const char c : text.substr(0, limit))
        clean += (c >= 0 && c < ' ') || c == 0x7f ? ' ' : c;
    // Not in the middle of a UTF-8 sequence.
    if (text.size() > limit)
        while (!clean.empty() && (clean.back() & 0x80) != 0)
            clean.pop_back();
    return clean;
}

bool isUrl(std::string_view text)
{
    if (text.size() > UrlLimit)
        return false;
    const size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    return scheme != 0 && text.size() > scheme && text[scheme] != '/' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Problem readProblem(std::string_view json)
{
    const auto object = parseObject(json);
    return object ? problemIn(*object) : Problem();
}

Result<OrderDocument, std::string> readOrder(std::string_view json)
{
    const auto object = parseObject(json);
    if (!object)
        return wrong("order", "is no JSON object");
    OrderDocument order;
    const std::string status = textAt(*object, "status");
    using Status = OrderDocument::Status;
    if (status == "pending")
        order.status = Status::Pending;
    else if (status == "ready")
        order.status = Status::Ready;
    else if (status == "processing")
        order.status = Status::Processing;
    else if (status == "valid")
        order.status = Status::Valid;
    else if (status == "invalid")
        order.status = Status::Invalid;
    else
        return wrong("order", "has no known status");
    order.finalize = urlAt(*object, "finalize");
    order.certificate = urlAt(*object, "certificate");
    order.error = errorIn(*object);
    const auto list = object->find("authorizations");
    if (list == object->end() || !list->is_array() || list->size() > AuthorizationsLimit)
        return wrong("order", "has no list of authorizations");
    for (const Json& item : *list) {
        if (!item.is_string() || !isUrl(item.get_ref<const std::string&>()))
            return wrong("order", "names an authorization that is no URL");
        order.authorizations.push_back(item.get<std::string>());
    }
    if (order.finalize.empty())
        return wrong("order", "has no finalize URL");
    if (order.status == Status::Valid && order.certificate.empty())
        return wrong("order", "is valid but names no certificate");
    return order;
}

Result<AuthorizationDocument, std::string> readAuthorization(std::string_view json)
{
    const auto object = parseObject(json);
    if (!object)
        return wrong("authorization", "is no JSON object");
    AuthorizationDocument document;
    const std::string status = textAt(*object, "status");
    using Status = AuthorizationDocument::Status;
    document.status = status == "pending" ? Status::Pending
                      : status == "valid" ? Status::Valid
                                          : Status::Invalid;
    const auto identifier = object->find("identifier");
    if (identifier == object->end() || !identifier->is_object())
        return wrong("authorization", "has no identifier");
    document.name = textAt(*identifier, "value", 253);
    const auto wildcard = object->find("wildcard");
    document.wildcard =
        wildcard != object->end() && wildcard->is_boolean() && wildcard->get<bool>();
    const auto list = object->find("challenges");
    if (document.name.empty() || list == object->end() || !list->is_array() ||
        list->size() > OffersLimit)
        return wrong("authorization", "has no name or no list of challenges");
    for (const Json& item : *list) {
        if (!item.is_object())
            continue;
        const auto type = challengeTypeFromText(textAt(item, "type"));
        AuthorizationDocument::Offer offer{type.value_or(ChallengeType::Http01), urlAt(item, "url"),
                                           textAt(item, "token"), errorIn(item)};
        if (type && !offer.url.empty() && isToken(offer.token))
            document.offers.push_back(std::move(offer));
    }
    return document;
}

Result<RenewalDocument, std::string> readRenewal(std::string_view json)
{
    const auto object = parseObject(json);
    if (!object)
        return wrong("renewal information", "is no JSON object");
    const auto window = object->find("suggestedWindow");
    if (window == object->end() || !window->is_object())
        return wrong("renewal information", "has no window");
    const auto start = parseTimestamp(textAt(*window, "start"));
    const auto end = parseTimestamp(textAt(*window, "end"));
    if (!start || !end || *end <= *start)
        return wrong("renewal information", "has a window without a right beginning and end");
    return RenewalDocument{*start, *end};
}

} // namespace sallyport::acme
