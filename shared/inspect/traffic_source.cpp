#include <sallyport/inspect/traffic_source.h>

#include <algorithm>
#include <string_view>

namespace sallyport::inspect {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool contains(std::string_view text, std::string_view part)
{
    // Of two empty texts the search would say that it found nothing.
    return part.empty() ||
           std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool equals(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && contains(a, b);
}

bool failed(const Record& record)
{
    return record.status >= 400 ||
           (record.outcome != Outcome::Pending && record.outcome != Outcome::Done);
}

} // namespace

bool Filter::matches(const Record& record) const
{
    if (!tunnel.empty() && record.tunnel != tunnel)
        return false;
    if (!method.empty() && !equals(record.method, method))
        return false;
    if (!contains(record.path, path))
        return false;
    const unsigned status = visitorStatus(record);
    if (statusMin != 0 && status < statusMin)
        return false;
    if (statusMax != 0 && status > statusMax)
        return false;
    if (failedOnly && !failed(record))
        return false;
    if (minDuration.count() > 0 && (!record.ended || *record.ended < minDuration))
        return false;
    return text.empty() || contains(record.host, text) || contains(record.path, text) ||
           contains(record.visitor, text) || contains(record.contentType, text) ||
           contains(record.error, text);
}

} // namespace sallyport::inspect
