#include "directory.h"

#include "answers.h"
#include "json.h"

namespace sallyport::acme {

static std::string urlIn(const Json& object, const char* name)
{
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string() || !isUrl(at->get_ref<const std::string&>()))
        return {};
    return at->get<std::string>();
}

Result<Directory, std::string> Directory::parse(std::string_view text)
{
    const auto parsed = parseObject(text);
    if (!parsed)
        return Failure(std::string("the CA's directory is no JSON object; is the URL right?"));
    const Json& json = *parsed;
    Directory directory;
    directory.newNonce = urlIn(json, "newNonce");
    directory.newAccount = urlIn(json, "newAccount");
    directory.newOrder = urlIn(json, "newOrder");
    directory.renewalInfo = urlIn(json, "renewalInfo");
    if (directory.newNonce.empty() || directory.newAccount.empty() || directory.newOrder.empty())
        return Failure(std::string(
            "the CA's directory names no newNonce, newAccount or newOrder; is the URL right?"));
    const auto meta = json.find("meta");
    if (meta != json.end() && meta->is_object()) {
        directory.terms = urlIn(*meta, "termsOfService");
        const auto external = meta->find("externalAccountRequired");
        directory.externalAccountRequired =
            external != meta->end() && external->is_boolean() && external->get<bool>();
    }
    return directory;
}

} // namespace sallyport::acme
