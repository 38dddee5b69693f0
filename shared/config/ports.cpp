#include <sallyport/config/addresses.h>
#include <sallyport/config/ports.h>

#include <algorithm>

namespace sallyport::config {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

Result<PortRanges::Range, std::string> parseRange(std::string_view text)
{
    const size_t dash = text.find('-');
    const auto first = parsePort(trimmed(text.substr(0, dash)));
    if (!first)
        return Failure(std::string("is not a list of ports: write 20000-29999,31000, or none"));
    if (dash == std::string_view::npos)
        return PortRanges::Range{*first, *first};
    const auto last = parsePort(trimmed(text.substr(dash + 1)));
    if (!last)
        return Failure(std::string("is not a list of ports: write 20000-29999,31000, or none"));
    if (*last < *first)
        return Failure("has a range that runs backwards: write " + std::to_string(*last) + "-" +
                       std::to_string(*first));
    return PortRanges::Range{*first, *last};
}

} // namespace

PortRanges PortRanges::all()
{
    PortRanges ports;
    ports.m_ranges = {{1, 65535}};
    return ports;
}

Result<PortRanges, std::string> PortRanges::parse(std::string_view text)
{
    text = trimmed(text);
    if (text.empty() || text == "none")
        return PortRanges();
    if (text == "any")
        return all();
    std::vector<Range> ranges;
    for (;;) {
        const size_t comma = text.find(',');
        const auto range = parseRange(trimmed(text.substr(0, comma)));
        if (!range)
            return Failure(range.error());
        if (ranges.size() == MaxRanges)
            return Failure("has more than " + std::to_string(MaxRanges) + " ranges");
        ranges.push_back(*range);
        if (comma == std::string_view::npos)
            break;
        text.remove_prefix(comma + 1);
    }
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.first < b.first; });
    PortRanges ports;
    for (const Range& range : ranges) {
        if (!ports.m_ranges.empty() && range.first <= ports.m_ranges.back().last + 1)
            ports.m_ranges.back().last = std::max(ports.m_ranges.back().last, range.last);
        else
            ports.m_ranges.push_back(range);
    }
    return ports;
}

bool PortRanges::contains(uint16_t port) const
{
    return std::any_of(m_ranges.begin(), m_ranges.end(), [port](const Range& range) {
        return port >= range.first && port <= range.last;
    });
}

size_t PortRanges::count() const
{
    size_t n = 0;
    for (const Range& range : m_ranges)
        n += static_cast<size_t>(range.last - range.first) + 1;
    return n;
}

std::string PortRanges::text() const
{
    if (m_ranges.empty())
        return "none";
    if (*this == all())
        return "any";
    std::string text;
    for (const Range& range : m_ranges) {
        text += (text.empty() ? "" : ",") + std::to_string(range.first);
        if (range.last != range.first)
            text += "-" + std::to_string(range.last);
    }
    return text;
}

} // namespace sallyport::config
