// Takes the values of secret fields out of what passes: JSON and forms as they come in pieces, and
// queries of addresses. The rest stays byte for byte.
#pragma once

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/redacted.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

// A secret that was left out.
struct HiddenValue
{
    std::string name;
    std::string value; // as it stood there; of JSON with its quotes
    size_t at = 0;     // where its stand-in begins in what came out
    bool operator==(const HiddenValue&) const = default;
};

class BodyRedactor
{
public:
    virtual ~BodyRedactor() = default;
    // The redacted form of the next bytes; some may come with a later call.
    virtual std::string feed(std::string_view bytes) = 0;
    virtual std::string finish() { return {}; }
};

// JSON and what stands around it (lines of JSON, a prefix): members by their names, whatever their
// value is. What is not JSON passes.
class JsonRedactor final : public BodyRedactor
{
public:
    static constexpr std::string_view StandIn = "\"***\"";

    // What is left out goes to `hidden`, for bodies that are fed at once.
    explicit JsonRedactor(Redaction redaction, std::vector<HiddenValue>* hidden = nullptr)
        : m_redaction(std::move(redaction)), m_hidden(hidden)
    {}
    std::string feed(std::string_view bytes) override;

private:
    static constexpr size_t NameLimit = 512;
    enum class State : uint8_t {
        Outside,
        String,
        AfterString,
        BeforeValue,
        SkipString,
        SkipScalar,
        SkipNested
    };

    void take(char c, std::string& out);
    void outside(char c, std::string& out);
    void beginSkip(char c, std::string& out);
    void skipNested(char c);
    void keep(char c);

    Redaction m_redaction;
    std::vector<HiddenValue>* m_hidden;
    State m_state = State::Outside;
    std::string m_name; // of the string that was read last, escapes and all
    bool m_escape = false;
    bool m_inString = false; // in what is skipped
    uint64_t m_depth = 0;
};

// application/x-www-form-urlencoded.
class FormRedactor final : public BodyRedactor
{
public:
    static constexpr std::string_view StandIn = Hidden;

    explicit FormRedactor(Redaction redaction, std::vector<HiddenValue>* hidden = nullptr)
        : m_redaction(std::move(redaction)), m_hidden(hidden)
    {}
    std::string feed(std::string_view bytes) override;

private:
    static constexpr size_t NameLimit = 1024;
    Redaction m_redaction;
    std::vector<HiddenValue>* m_hidden;
    std::string m_name;
    bool m_inValue = false;
    bool m_skips = false;
};

// For a body that must lose its secrets. Null: it can't hold a field, or... see `keep`.
struct RedactionPlan
{
    std::unique_ptr<BodyRedactor> redactor; // null: as it is
    bool keep = true;                       // false: nobody can tell what is in it; not kept
};
// `start`: the first bytes of the body.
RedactionPlan planRedaction(std::string_view contentType, std::string_view contentEncoding,
                            std::string_view start, const Redaction& redaction);

} // namespace sallyport::inspect
