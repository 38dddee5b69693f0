#include "syntax.h"

#include <sallyport/http/message.h>

namespace sallyport::http {

std::string_view MessageHead::value(std::string_view name) const
{
    for (const Field& field : fields)
        if (sameNoCase(field.name, name))
            return field.value;
    return {};
}

std::string_view MessageHead::value(FieldId id) const
{
    for (const Field& field : fields)
        if (field.id == id)
            return field.value;
    return {};
}

} // namespace sallyport::http
