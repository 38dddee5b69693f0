#include "session.h"

namespace sallyport::gui {

Session::Session(control::AgentControl& control, QObject* parent)
    : QObject(parent), m_control(control)
{
    connect(&control, &control::AgentControl::snapshotChanged, this, &Session::changed);
}

QString Session::stateText() const
{
    const auto text = agent::toText(m_control.snapshot().state);
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace sallyport::gui
