// One tunnel as its card shows it.
#pragma once

#include <sallyport/control/agent_control.h>

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

// How a card is, for QML.
namespace TunnelCard {
Q_NAMESPACE
QML_ELEMENT

enum class State {
    Pending,
    Open,
    Paused,
    UpstreamDown, // published, but nothing answers behind it
    Problem,      // a certificate is missing
    Refused
};
Q_ENUM_NS(State)

} // namespace TunnelCard

struct TunnelRow
{
    QString ref;
    QString kind;
    QString url;       // empty: none yet
    bool live = false; // that address leads here now, else it did before
    QString upstream;
    QString access; // empty: everybody
    TunnelCard::State state = TunnelCard::State::Pending;
    QString stateText;
    QString problem;
    QString bytesIn;
    QString bytesOut;
    quint64 open = 0; // connections now

    bool operator==(const TunnelRow&) const = default;
    bool contains(const QString& text) const;

    // `url`: the address that it has or had.
    static TunnelRow from(const control::TunnelView& view, const std::string& url);
};

} // namespace sallyport::gui
