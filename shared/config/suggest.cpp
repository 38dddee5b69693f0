#include <sallyport/config/suggest.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sallyport::config {

namespace {

// Optimal string alignment: insert, delete, replace, exchange two neighbours. Keys are short.
size_t distance(std::string_view a, std::string_view b)
{
    std::vector<size_t> beforeLast(b.size() + 1);
    std::vector<size_t> last(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

constexpr size_t longestTyped = 100;

} // namespace

std::string closest(std::string_view typed, const std::vector<std::string>& candidates)
{
    if (typed.size() > longestTyped)
        return {};
    size_t best = 3;
    std::string found;
    for (const std::string& candidate : candidates) {
        const size_t edits = distance(typed, candidate);
        if (edits < best && edits * 2 < std::max(typed.size(), candidate.size())) {
            best = edits;
            found = candidate;
        }
    }
    return found;
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& candidates)
{
    const std::string near = closest(typed, candidates);
    return near.empty() ? "" : ", did you mean \"" + near + "\"?";
}

} // namespace sallyport::config
