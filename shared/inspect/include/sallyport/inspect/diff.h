// What differs between two texts, and between two exchanges' heads. Pure functions.
#pragma once

#include <sallyport/inspect/record.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

struct DiffLine
{
    enum class Kind : uint8_t { Same, Removed, Added };
    Kind kind = Kind::Same;
    std::string text; // without its line end
    bool operator==(const DiffLine&) const = default;
};

// The shortest script by Myers. Texts that differ in more than `maxEdits` lines are shown as a
// whole removed and a whole added between what they have in common at both ends.
std::vector<DiffLine> diffLines(std::string_view before, std::string_view after,
                                size_t maxEdits = 2000);

// Start lines first, then header lines by name (any case) in the order of `before`. A secret value
// is shown as "***" unless `withSecrets`. What a server sets anew for each answer (Date, Age, an id
// of the request and the like) is the same when both have it; `after`'s is shown.
std::vector<DiffLine> diffHeads(const Exchange& before, const Exchange& after, Side side,
                                bool withSecrets = false);

} // namespace sallyport::inspect
