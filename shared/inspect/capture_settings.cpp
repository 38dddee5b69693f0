#include <sallyport/inspect/capture_settings.h>

#include <algorithm>

namespace sallyport::inspect {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool names(const std::vector<std::string>& list, std::string_view name)
{
    return std::any_of(list.begin(), list.end(), [name](const std::string& one) {
        return std::equal(one.begin(), one.end(), name.begin(), name.end(),
                          [](char a, char b) { return lower(a) == lower(b); });
    });
}

} // namespace

bool Redaction::hidesHeader(std::string_view name) const
{
    return names(headers, name);
}

bool Redaction::hidesField(std::string_view name) const
{
    return names(fields, name);
}

} // namespace sallyport::inspect
