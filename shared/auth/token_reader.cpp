#include "list_reader.h"
#include "permission_fields.h"
#include "token_file.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/config/document.h>
#include <sallyport/config/loader.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace sallyport::auth {

namespace {

using config::Codec;
using config::Fields;
using config::Node;
using config::Problems;

Codec<TokenHash> hashCodec()
{
    return {"hash", parseHash, hashText};
}

Codec<Timestamp> timeCodec()
{
    return {"time", parseTimestamp, timestampText};
}

Codec<std::string> idCodec()
{
    auto codec = config::plainText(64);
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const bool fits =
            !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            });
        if (!fits)
            return Failure(std::string("must be 1 to 64 of a-z, 0-9, - and _"));
        return std::string(text);
    };
    return codec;
}

void declare(TokenRecord& record, std::optional<TokenHash>& hash, Fields& fields)
{
    fields.value("id", record.id, idCodec(), "");
    fields.value("name", record.name, tenantCodec(), "");
    fields.optional("hash", hash, hashCodec(), "");
    declarePermissions(record.permissions, fields);
    fields.optional("expires", record.expires, timeCodec(), "");
    fields.optional("created", record.created, timeCodec(), "");
}

class Reader
{
public:
    explicit Reader(const std::string& file) : m_list(file, "tokens", TokenSet::MaxTokens) {}

    std::vector<TokenRecord> read(const Node& root)
    {
        m_list.read(root,
                    [this](const Node& item, const std::string& path) { readItem(item, path); });
        return std::move(m_records);
    }

    Problems& problems() { return m_list.problems(); }

private:
    void readItem(const Node& item, const std::string& path)
    {
        if (item.kind != Node::Kind::Map)
            return m_list.complain(item.line, path, "", "must hold keys: id, name, hash, ...");
        TokenRecord record;
        std::optional<TokenHash> hash;
        Fields fields;
        declare(record, hash, fields);
        m_list.readKeys(fields, item, path);
        for (const char* key : {"id", "name", "hash"})
            if (!item.find(key))
                m_list.complain(item.line, path, "", std::string(key) + " is missing");
        if (!hash)
            return;
        record.hash = *hash;
        if (!record.id.empty() && !m_ids.insert(record.id).second)
            m_list.complain(item.line, path + ".id", record.id,
                            "is the id of an earlier token too");
        if (!m_hashes.insert(record.hash).second)
            m_list.complain(item.line, path + ".hash", "", "is the hash of an earlier token too");
        m_records.push_back(std::move(record));
    }

    ListReader m_list;
    std::vector<TokenRecord> m_records;
    std::set<std::string> m_ids;
    std::set<TokenHash> m_hashes;
};

} // namespace

Result<std::vector<TokenRecord>, Problems> parseTokens(std::string_view text,
                                                       const std::string& fileName)
{
    auto root = config::document::parse(text, fileName);
    if (!root)
        return Failure(root.error());
    Reader reader(fileName);
    auto records = reader.read(*root);
    if (reader.problems().hasErrors())
        return Failure(reader.problems());
    return records;
}

} // namespace sallyport::auth
