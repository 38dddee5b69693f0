// A text that a person edits while its secrets stay hidden: "***" stands for each, and what still
// reads so afterwards is put back as it was. Plain values.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/inspect/capture_settings.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::inspect {

class MaskedText
{
public:
    // Nothing: there may be a secret that can't be hidden and put back, as in a multipart body.
    static std::optional<MaskedText> ofBody(std::string_view contentType, std::string_view body,
                                            const Redaction& redaction);
    // Of a path with its query, or of a header's value with an address.
    static MaskedText ofAddress(std::string_view address, const Redaction& redaction);

    const std::string& text() const { return m_text; }
    bool hidesSomething() const;
    // `edited` with its secrets. Fails with a name when it can't be told which secret a "***"
    // stands for, because fields of that name have come or gone.
    Result<std::string, std::string> restored(std::string_view edited) const;

private:
    enum class Form : uint8_t { Plain, Json, Fields, Address };
    struct Secrets;

    MaskedText(Form form, std::string_view original, const Redaction& redaction);
    Secrets hide(std::string_view text) const;

    Form m_form;
    Redaction m_redaction;
    std::string m_text;
    std::shared_ptr<const Secrets> m_secrets;
};

} // namespace sallyport::inspect
