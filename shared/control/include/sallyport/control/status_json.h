// An agent's status as JSON: what `status --json` prints and the control socket answers.
//
//     {"state":"connected","relay":"tunnel.example.com:7000","transport":"tls","port":7000,"round_trip_ms":12.3,
//      "tunnels":[{"name":"web","kind":"http","upstream":"127.0.0.1:3000","state":"open",
//                  "urls":["https://..."],"connections":{"open":1,"total":7},
//                  "bytes":{"in":123,"out":456},"upstream_errors":0}]}
#pragma once

#include <sallyport/agent/status.h>

#include <QJsonObject>

namespace sallyport::control {

QJsonObject statusToJson(const agent::Status& status);

} // namespace sallyport::control
