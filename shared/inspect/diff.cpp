#include "text.h"

#include <sallyport/inspect/diff.h>

#include <algorithm>
#include <array>

namespace sallyport::inspect {

namespace {

using Kind = DiffLine::Kind;
using Lines = std::vector<std::string_view>;

Lines split(std::string_view text)
{
    Lines lines;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// E. Myers, "An O(ND) difference algorithm and its variations": the furthest points of each number
// of edits are kept, and the way is read off backwards.
class Script
{
public:
    Script(const Lines& before, const Lines& after) : m_a(before), m_b(after) {}

    // False when more than `maxEdits` are needed.
    bool find(long maxEdits)
    {
        const long n = long(m_a.size()), m = long(m_b.size());
        const long most = std::min(maxEdits, n + m);
        std::vector<long> v(size_t(2 * most + 3), 0);
        m_offset = most + 1;
        for (long d = 0; d <= most; ++d) {
            m_trace.emplace_back(v.begin() + (m_offset - d - 1), v.begin() + (m_offset + d + 2));
            for (long k = -d; k <= d; k += 2) {
                const bool down = k == -d || (k != d && v[size_t(m_offset + k - 1)] <
                                                            v[size_t(m_offset + k + 1)]);
                long x = down ? v[size_t(m_offset + k + 1)] : v[size_t(m_offset + k - 1)] + 1;
                while (x < n && x - k < m && x - k >= 0 && m_a[size_t(x)] == m_b[size_t(x - k)])
                    ++x;
                v[size_t(m_offset + k)] = x;
                if (x >= n && x - k >= m)
                    return true;
            }
        }
        return false;
    }

    std::vector<DiffLine> lines() const
    {
        std::vector<DiffLine> result;
        long x = long(m_a.size()), y = long(m_b.size());
        for (long d = long(m_trace.size()) - 1; d >= 0; --d) {
            const std::vector<long>& v = m_trace[size_t(d)]; // from -d-1 to d+1
            const auto at = [&](long k) { return v[size_t(k + d + 1)]; };
            const long k = x - y;
            const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
            const long previous = down ? k + 1 : k - 1;
            const long fromX = d == 0 ? 0 : at(previous);
            const long fromY = d == 0 ? 0 : fromX - previous;
            while (x > fromX && y > fromY) {
                result.push_back({Kind::Same, std::string(m_a[size_t(--x)])});
                --y;
            }
            if (d > 0 && down)
                result.push_back({Kind::Added, std::string(m_b[size_t(--y)])});
            else if (d > 0)
                result.push_back({Kind::Removed, std::string(m_a[size_t(--x)])});
        }
        std::reverse(result.begin(), result.end());
        return result;
    }

private:
    const Lines& m_a;
    const Lines& m_b;
    long m_offset = 0;
    std::vector<std::vector<long>> m_trace;
};

void addAll(std::vector<DiffLine>& result, Kind kind, const Lines& lines)
{
    for (const std::string_view line : lines)
        result.push_back({kind, std::string(line)});
}

bool isOfOneAnswer(std::string_view name)
{
    static constexpr std::array Names{"date",          "age",
                                      "expires",       "keep-alive",
                                      "server-timing", "x-correlation-id",
                                      "x-request-id",  "x-response-time",
                                      "x-runtime",     "x-trace-id",
                                      "traceresponse"};
    return std::any_of(Names.begin(), Names.end(),
                       [name](const char* one) { return equalAnyCase(name, one); });
}

std::string shownLine(const HeaderLine& line, bool withSecrets)
{
    return line.name + ": " + (line.secret && !withSecrets ? std::string("***") : line.value);
}

} // namespace

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after, size_t maxEdits)
{
    Lines a = split(before), b = split(after);
    std::vector<DiffLine> head, tail;
    const size_t common = std::min(a.size(), b.size());
    size_t first = 0;
    while (first < common && a[first] == b[first])
        head.push_back({Kind::Same, std::string(a[first++])});
    size_t last = 0;
    while (last < common - first && a[a.size() - 1 - last] == b[b.size() - 1 - last])
        ++last;
    for (size_t i = a.size() - last; i < a.size(); ++i)
        tail.push_back({Kind::Same, std::string(a[i])});
    a = Lines(a.begin() + long(first), a.end() - long(last));
    b = Lines(b.begin() + long(first), b.end() - long(last));

    Script script(a, b);
    if (script.find(long(maxEdits))) {
        const std::vector<DiffLine> middle = script.lines();
        head.insert(head.end(), middle.begin(), middle.end());
    } else {
        addAll(head, Kind::Removed, a);
        addAll(head, Kind::Added, b);
    }
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

std::vector<DiffLine> diffHeads(const Exchange& before, const Exchange& after, Side side,
                                bool withSecrets)
{
    const bool request = side == Side::Request;
    const auto& lineA = request ? before.requestLine : before.statusLine;
    const auto& lineB = request ? after.requestLine : after.statusLine;
    const auto& a = request ? before.requestHeaders : before.responseHeaders;
    std::vector<HeaderLine> b = request ? after.requestHeaders : after.responseHeaders;

    std::vector<DiffLine> result;
    if (lineA == lineB) {
        result.push_back({Kind::Same, lineA});
    } else {
        result.push_back({Kind::Removed, lineA});
        result.push_back({Kind::Added, lineB});
    }
    for (const HeaderLine& line : a) {
        const auto same = std::find_if(b.begin(), b.end(), [&](const HeaderLine& other) {
            return equalAnyCase(other.name, line.name) &&
                   (other.value == line.value || isOfOneAnswer(line.name));
        });
        const auto named =
            same != b.end() ? same : std::find_if(b.begin(), b.end(), [&](const HeaderLine& other) {
                return equalAnyCase(other.name, line.name);
            });
        result.push_back(same != b.end() ? DiffLine{Kind::Same, shownLine(*same, withSecrets)}
                                         : DiffLine{Kind::Removed, shownLine(line, withSecrets)});
        if (named == b.end())
            continue;
        if (same == b.end())
            result.push_back({Kind::Added, shownLine(*named, withSecrets)});
        b.erase(named);
    }
    for (const HeaderLine& line : b)
        result.push_back({Kind::Added, shownLine(line, withSecrets)});
    return result;
}

} // namespace sallyport::inspect
