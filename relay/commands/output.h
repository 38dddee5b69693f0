// How commands speak: what they make or list on standard output, all else on standard error.
#pragma once

#include <QJsonArray>
#include <QString>

#include <string>

namespace sallyport::relay {

// Says why on standard error; returns the exit code, for the command to leave with.
int fail(int code, const std::string& message);
// For --json.
QString text(const std::string& utf8);
void printJson(const QJsonArray& array);

} // namespace sallyport::relay
