// Texts that many rows share, kept once each and named by a number.
#pragma once

#include <QHash>
#include <QString>

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::gui {

class StringPool
{
public:
    // Visitors choose methods, so there is an end: what comes after is shown as "…".
    static constexpr size_t MaxTexts = 4'096;

    StringPool();

    uint16_t add(const std::string& text);
    const QString& text(uint16_t number) const { return m_texts[number]; }

private:
    std::vector<QString> m_texts; // 0 is the one for those that found no place
    QHash<QString, uint16_t> m_numbers;
};

} // namespace sallyport::gui
