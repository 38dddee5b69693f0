#include "string_pool.h"

namespace sallyport::gui {

StringPool::StringPool() : m_texts{QStringLiteral("…")} {}

uint16_t StringPool::add(const std::string& text)
{
    const QString wanted = QString::fromStdString(text);
    const auto found = m_numbers.constFind(wanted);
    if (found != m_numbers.constEnd())
        return *found;
    if (m_texts.size() >= MaxTexts)
        return 0;
    const auto number = uint16_t(m_texts.size());
    m_texts.push_back(wanted);
    m_numbers.insert(wanted, number);
    return number;
}

} // namespace sallyport::gui
