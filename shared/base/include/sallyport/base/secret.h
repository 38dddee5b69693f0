// A text that must never be shown: a token, a password.
//
// It converts to nothing, streams as "[secret]", and wipes its memory when it is given up. Only
// reveal() gives the text, so that a search for that word finds every place where a secret leaves
// its wrapper. A value: no threads of its own.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>

namespace sallyport {

class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret other) noexcept
    {
        m_text.swap(other.m_text);
        return *this;
    }
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

} // namespace sallyport
