// A text that must never be shown: a token, a password. It converts to nothing, prints as nothing,
// and wipes its memory when it goes. Only reveal() gives the text, so that `grep reveal` finds
// every place where a secret leaves its wrapper.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : m_text(std::move(other.m_text)) { other.wipe(); }
    Secret& operator=(Secret other) noexcept
    {
        m_text.swap(other.m_text);
        return *this;
    }
    ~Secret() { wipe(); }

    bool empty() const { return m_text.empty(); }
    std::string_view reveal() const { return m_text; }

    // For noticing a change in a configuration, not for checking a credential (not constant in
    // time).
    friend bool operator==(const Secret&, const Secret&) = default;

private:
    void wipe() noexcept
    {
        volatile char* p = m_text.data();
        for (size_t i = 0; i < m_text.size(); ++i)
            p[i] = 0;
        m_text.clear();
    }

    std::string m_text;
};

} // namespace sallyport
