#include "access_fields.h"

#include "json_text.h"

#include <utility>

namespace sallyport::wire {

namespace {

std::vector<std::string> readTexts(JsonFields& fields, const char* name, size_t most,
                                   size_t longest)
{
    std::vector<std::string> texts;
    for (const Json& item : fields.list(name, most)) {
        if (!item.is_string()) {
            fields.fail(ParseError::WrongType, name);
            break;
        }
        const std::string& text = item.get_ref<const std::string&>();
        if (text.empty() || text.size() > longest || hasControls(text)) {
            fields.fail(ParseError::OutOfRange, name);
            break;
        }
        texts.push_back(text);
    }
    return texts;
}

std::vector<AccessUser> readUsers(JsonFields& fields)
{
    std::vector<AccessUser> users;
    const Json& map = fields.object("users");
    if (map.size() > AccessLimits::Users)
        fields.fail(ParseError::TooMany, "users");
    for (auto it = map.begin(); it != map.end() && users.size() < AccessLimits::Users; ++it) {
        if (!it.value().is_string()) {
            fields.fail(ParseError::WrongType, "users");
            break;
        }
        const std::string& hash = it.value().get_ref<const std::string&>();
        if (checkUserName(it.key()) || checkPasswordHash(hash)) {
            fields.fail(ParseError::OutOfRange, "users");
            break;
        }
        users.push_back({it.key(), hash});
    }
    return users;
}

} // namespace

AccessPolicy readAccess(const Json& json, const std::string& path, Problem& problem)
{
    JsonFields fields(json, path, problem);
    AccessPolicy policy;
    policy.realm = fields.optionalText("realm", AccessLimits::Realm).value_or(std::string());
    policy.users = readUsers(fields);
    policy.tokenHashes =
        readTexts(fields, "token_hashes", AccessLimits::Tokens, AccessLimits::TokenHash);
    policy.tokenHeader =
        fields.optionalText("token_header", AccessLimits::TokenPlace).value_or(std::string());
    policy.tokenQuery =
        fields.optionalText("token_query", AccessLimits::TokenPlace).value_or(std::string());
    policy.allow = readTexts(fields, "allow", AccessLimits::Networks, AccessLimits::Network);
    policy.deny = readTexts(fields, "deny", AccessLimits::Networks, AccessLimits::Network);
    policy.except = readTexts(fields, "except", AccessLimits::Exceptions, AccessLimits::Pattern);
    policy.passCredentials = fields.flag("pass_credentials");
    return policy;
}

} // namespace sallyport::wire
