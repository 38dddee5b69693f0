#include <sallyport/jose/json.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

// GCC 12 takes the moved-from members of a variant for values that were never set.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace sallyport::jose {

namespace {

// Builds the value while nlohmann's parser reads; false ends the parsing.
class Builder final : public nlohmann::json_sax<nlohmann::json>
{
public:
    explicit Builder(const JsonLimits& limits) : m_limits(limits) {}

    Json take() { return std::move(m_root); }

    bool null() override { return add(Json()); }
    bool boolean(bool value) override { return add(Json(value)); }
    bool number_integer(number_integer_t value) override { return add(Json(int64_t(value))); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (value > number_unsigned_t(std::numeric_limits<int64_t>::max()))
            return add(Json(double(value)));
        return add(Json(int64_t(value)));
    }
    bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }
    bool string(string_t& value) override { return add(Json(std::move(value))); }
    bool binary(binary_t&) override { return false; }
    bool start_object(size_t) override { return open(Frame{true, {}, {}, {}}); }
    bool end_object() override { return close(); }
    bool start_array(size_t) override { return open(Frame{false, {}, {}, {}}); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override
    {
        Json::Object& members = m_open.back().members;
        const bool twice = std::any_of(members.begin(), members.end(),
                                       [&](const auto& member) { return member.first == name; });
        m_open.back().name = std::move(name);
        // Quadratic, so short.
        return !twice && members.size() < MaxMembers;
    }
    bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override
    {
        return false;
    }

private:
    static constexpr size_t MaxMembers = 500;

    struct Frame
    {
        bool isObject;
        Json::Object members;
        Json::List items;
        std::string name; // of the member to come
    };

    bool open(Frame frame)
    {
        if (m_open.size() >= m_limits.depth)
            return false;
        m_open.push_back(std::move(frame));
        return true;
    }

    bool close()
    {
        Frame frame = std::move(m_open.back());
        m_open.pop_back();
        return add(frame.isObject ? Json(std::move(frame.members)) : Json(std::move(frame.items)));
    }

    bool add(Json value)
    {
        if (++m_values > m_limits.values)
            return false;
        if (m_open.empty())
            m_root = std::move(value);
        else if (m_open.back().isObject)
            m_open.back().members.emplace_back(std::move(m_open.back().name), std::move(value));
        else
            m_open.back().items.push_back(std::move(value));
        return true;
    }

    const JsonLimits& m_limits;
    std::vector<Frame> m_open;
    Json m_root;
    size_t m_values = 0;
};

// nlohmann's form, for writing.
nlohmann::ordered_json formOf(const Json& value)
{
    if (const bool* flag = value.boolean())
        return *flag;
    if (const int64_t* number = value.integer())
        return *number;
    if (const std::string* text = value.text())
        return *text;
    if (const Json::List* list = value.list()) {
        auto form = nlohmann::ordered_json::array();
        for (const Json& item : *list)
            form.push_back(formOf(item));
        return form;
    }
    if (const Json::Object* object = value.object()) {
        auto form = nlohmann::ordered_json::object();
        for (const auto& [name, member] : *object)
            form[name] = formOf(member);
        return form;
    }
    if (const auto number = value.number())
        return *number;
    return nullptr;
}

} // namespace

std::optional<double> Json::number() const
{
    if (const int64_t* number = integer())
        return double(*number);
    if (const double* number = std::get_if<double>(&m_value))
        return *number;
    return std::nullopt;
}

const Json* Json::find(std::string_view name) const
{
    if (const Object* members = object())
        for (const auto& [key, value] : *members)
            if (key == name)
                return value.isNull() ? nullptr : &value;
    return nullptr;
}

std::string_view Json::textOf(std::string_view name) const
{
    const Json* member = find(name);
    const std::string* value = member ? member->text() : nullptr;
    return value ? std::string_view(*value) : std::string_view();
}

std::string Json::dump() const
{
    return formOf(*this).dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<Json> parseJson(std::string_view text, const JsonLimits& limits)
{
    // The parser takes a zero byte for the end.
    if (text.size() > limits.bytes || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    Builder builder(limits);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        return std::nullopt;
    return builder.take();
}

} // namespace sallyport::jose
