#include <sallyport/base/secret.h>

#include <ostream>
#include <utility>

namespace sallyport {

Secret::Secret(Secret&& other) noexcept : m_text(std::move(other.m_text))
{
    other.wipe(); // a short text is copied by the move, not handed over
}

bool operator==(const Secret& a, const Secret& b)
{
    if (a.m_text.size() != b.m_text.size())
        return false;
    unsigned difference = 0;
    for (size_t i = 0; i < a.m_text.size(); ++i)
        difference |=
            static_cast<unsigned char>(a.m_text[i]) ^ static_cast<unsigned char>(b.m_text[i]);
    return difference == 0;
}

void Secret::wipe() noexcept
{
    // volatile: the compiler may otherwise drop writes to memory that is about to be freed.
    volatile char* p = m_text.data();
    for (size_t i = 0; i < m_text.size(); ++i)
        p[i] = 0;
    m_text.clear();
}

std::ostream& operator<<(std::ostream& out, const Secret&)
{
    return out << "[secret]";
}

} // namespace sallyport
