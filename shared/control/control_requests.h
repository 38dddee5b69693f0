// What each request of the control socket does. Internal.
#pragma once

#include "control_peer.h"

#include <QJsonObject>

namespace sallyport::control {

void handleRequest(ControlPeer& peer, const QJsonObject& request,
                   const ControlPeer::Answer& answer);

} // namespace sallyport::control
