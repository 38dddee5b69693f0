#include "token_file.h"

#include "permission_fields.h"

#include <sallyport/auth/token_store.h>

namespace sallyport::auth {

namespace {

constexpr std::string_view explanation =
    "# The relay's tokens. Only hashes stand here: a token itself is shown once, when it is made.\n"
    "# May be edited; the relay notices. `sallyport-relay token add|list|revoke` does the same.\n";

} // namespace

std::string tokenText(const TokenRecord& record)
{
    std::string text = "  - id: " + record.id + "\n";
    // Quoted: a name like "no" or "1e3" must stay text.
    text += "    name: \"" + record.name + "\"\n";
    text += "    hash: " + hashText(record.hash) + "\n";
    text += permissionsText(record.permissions);
    if (record.created)
        text += "    created: " + timestampText(*record.created) + "\n";
    if (record.expires)
        text += "    expires: " + timestampText(*record.expires) + "\n";
    return text;
}

std::string wholeFile(const std::vector<TokenRecord>& records)
{
    std::string text(explanation);
    text += "tokens:\n";
    for (const TokenRecord& record : records)
        text += tokenText(record);
    return text;
}

} // namespace sallyport::auth
