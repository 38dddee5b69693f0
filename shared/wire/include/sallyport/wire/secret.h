// Text that must never reach a log: a token, a password.
//
// Streaming a Secret writes "[secret]"; the text itself comes out through reveal() alone, so that a
// search for that word finds every place that uses one. The memory is wiped when it is given up.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace sallyport::wire {

class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string_view text) : m_text(text) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    bool empty() const { return m_text.empty(); }
    size_t size() const { return m_text.size(); }
    const std::string& reveal() const { return m_text; }

    // Takes the same time wherever the texts differ (their lengths are not hidden).
    friend bool operator==(const Secret& a, const Secret& b);

private:
    void wipe() noexcept;
    std::string m_text;
};

std::ostream& operator<<(std::ostream& out, const Secret&);

} // namespace sallyport::wire
