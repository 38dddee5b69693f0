// Figures and outcomes as people read them.
#pragma once

#include <sallyport/inspect/record.h>

#include <QCoreApplication>
#include <QDate>
#include <QString>

#include <chrono>
#include <cstdint>

namespace sallyport::gui {

class TrafficText
{
    Q_DECLARE_TR_FUNCTIONS(TrafficText)

public:
    static QString duration(std::chrono::microseconds time); // "3.4 ms", "12 ms", "1.25 s"
    static QString bytes(uint64_t count);                    // "512 B", "1.4 kB"
    static QString outcome(inspect::Outcome outcome);        // empty for Done
    static QString kind(inspect::RecordKind kind);
    // "13:07:42"; on another day "Nov 25 13:07".
    static QString time(int64_t msSinceEpoch, QDate today);
    static QString from(const std::string& text) { return QString::fromStdString(text); }
};

} // namespace sallyport::gui
