#include "redactor.h"
#include "text.h"

#include <sallyport/inspect/decode.h>
#include <sallyport/inspect/masked_text.h>

#include <algorithm>
#include <map>
#include <vector>

namespace sallyport::inspect {

struct MaskedText::Secrets
{
    struct Named
    {
        std::vector<std::string_view> values; // in their order
        bool alike = true;
        size_t used = 0;
    };

    std::map<std::string_view, Named> byName() const
    {
        std::map<std::string_view, Named> all;
        for (const HiddenValue& value : values) {
            Named& named = all[value.name];
            named.alike &= named.values.empty() || named.values.front() == value.value;
            named.values.push_back(value.value);
        }
        return all;
    }

    std::string text; // without them
    std::vector<HiddenValue> values;
    std::string_view standIn;
};

std::optional<MaskedText> MaskedText::ofBody(std::string_view contentType, std::string_view body,
                                             const Redaction& redaction)
{
    const std::string type = mediaType(contentType);
    if (type == "application/x-www-form-urlencoded")
        return MaskedText(Form::Fields, body, redaction);
    if (!type.starts_with("multipart/"))
        return MaskedText(Form::Json, body, redaction);
    if (prettyBody(contentType, body, redaction).text == prettyBody(contentType, body).text)
        return MaskedText(Form::Plain, body, redaction);
    return std::nullopt;
}

MaskedText MaskedText::ofAddress(std::string_view address, const Redaction& redaction)
{
    return {Form::Address, address, redaction};
}

MaskedText::MaskedText(Form form, std::string_view original, const Redaction& redaction)
    : m_form(form), m_redaction(redaction)
{
    m_secrets = std::make_shared<const Secrets>(hide(original));
    m_text = m_secrets->text;
}

bool MaskedText::hidesSomething() const
{
    return !m_secrets->values.empty();
}

MaskedText::Secrets MaskedText::hide(std::string_view text) const
{
    Secrets secrets;
    if (m_form == Form::Plain) {
        secrets.text = text;
    } else if (m_form == Form::Json) {
        secrets.standIn = JsonRedactor::StandIn;
        secrets.text = JsonRedactor(m_redaction, &secrets.values).feed(text);
    } else {
        secrets.standIn = FormRedactor::StandIn;
        const bool address = m_form == Form::Address;
        const size_t question = text.find('?');
        // An address without a query has nothing to hide.
        const size_t begin = !address                             ? 0
                             : question == std::string_view::npos ? text.size()
                                                                  : question + 1;
        const size_t end =
            address ? std::min(text.find_first_of(" #\"'>", begin), text.size()) : text.size();
        const std::string fields =
            FormRedactor(m_redaction, &secrets.values).feed(text.substr(begin, end - begin));
        secrets.text = std::string(text.substr(0, begin)) + fields + std::string(text.substr(end));
        for (HiddenValue& value : secrets.values)
            value.at += begin;
    }
    return secrets;
}

Result<std::string, std::string> MaskedText::restored(std::string_view edited) const
{
    const Secrets now = hide(edited);
    const auto before = m_secrets->byName();
    auto after = now.byName();
    std::string result;
    size_t done = 0;
    for (const HiddenValue& value : now.values) {
        auto& here = after[value.name];
        const size_t index = here.used++;
        std::string_view wanted = value.value;
        if (wanted == now.standIn) {
            const auto there = before.find(value.name);
            if (there == before.end())
                return Failure(value.name);
            const auto& [values, alike, used] = there->second;
            if (!alike && values.size() != here.values.size())
                return Failure(value.name);
            wanted = values[alike ? 0 : index];
        }
        result.append(now.text, done, value.at - done).append(wanted);
        done = value.at + now.standIn.size();
    }
    return result.append(now.text, done, std::string::npos);
}

} // namespace sallyport::inspect
