#include "traffic_text.h"

#include <QDateTime>
#include <QLocale>

namespace sallyport::gui {

QString TrafficText::duration(std::chrono::microseconds time)
{
    const QLocale locale;
    const double ms = double(time.count()) / 1'000;
    if (ms < 10)
        return tr("%1 ms").arg(locale.toString(ms, 'f', 1));
    if (ms < 1'000)
        return tr("%1 ms").arg(locale.toString(ms, 'f', 0));
    if (ms < 60'000)
        return tr("%1 s").arg(locale.toString(ms / 1'000, 'f', 2));
    return tr("%1 min").arg(locale.toString(ms / 60'000, 'f', 1));
}

QString TrafficText::bytes(uint64_t count)
{
    if (count < 1'000)
        return tr("%1 B").arg(count);
    return QLocale().formattedDataSize(qint64(count), 1, QLocale::DataSizeSIFormat);
}

QString TrafficText::outcome(inspect::Outcome outcome)
{
    using inspect::Outcome;
    switch (outcome) {
    case Outcome::Pending:
        return tr("Still going on");
    case Outcome::UpstreamRefused:
        return tr("Nobody listens at the local service");
    case Outcome::UpstreamTimeout:
        return tr("The local service did not answer in time");
    case Outcome::UpstreamFailed:
        return tr("The local service broke off");
    case Outcome::VisitorLeft:
        return tr("The visitor left");
    case Outcome::Interrupted:
        return tr("The connection to the relay ended");
    case Outcome::Done:
        break;
    }
    return {};
}

QString TrafficText::kind(inspect::RecordKind kind)
{
    using inspect::RecordKind;
    switch (kind) {
    case RecordKind::WebSocket:
        return tr("WebSocket");
    case RecordKind::EventStream:
        return tr("Event stream");
    case RecordKind::Connection:
        return tr("Connection");
    case RecordKind::Http:
        break;
    }
    return tr("HTTP request");
}

QString TrafficText::time(int64_t msSinceEpoch, QDate today)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(msSinceEpoch);
    //: A day without its year and a time, in Qt's format; short, for a column of a table.
    return time.date() == today ? time.toString("HH:mm:ss")
                                : QLocale().toString(time, tr("MMM d HH:mm"));
}

} // namespace sallyport::gui
