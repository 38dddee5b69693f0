// A set of ports written as ranges: "20000-29999,31000".
#pragma once

#include <sallyport/base/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

class PortRanges
{
public:
    static constexpr size_t MaxRanges = 256;

    struct Range
    {
        uint16_t first = 0;
        uint16_t last = 0;
        bool operator==(const Range&) const = default;
    };

    PortRanges() = default; // no port
    static PortRanges all();
    // Comma-separated ports and ranges; "none" or nothing is the empty set, "any" is 1-65535.
    static Result<PortRanges, std::string> parse(std::string_view text);

    bool contains(uint16_t port) const;
    bool empty() const { return m_ranges.empty(); }
    size_t count() const;
    // Sorted, without overlap.
    const std::vector<Range>& ranges() const { return m_ranges; }
    std::string text() const;

    bool operator==(const PortRanges&) const = default;

private:
    std::vector<Range> m_ranges;
};

} // namespace sallyport::config
