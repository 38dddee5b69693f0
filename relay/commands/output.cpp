#include "commands/output.h"

#include <QJsonDocument>

#include <cstdio>

namespace sallyport::relay {

int fail(int code, const std::string& message)
{
    std::fprintf(stderr, "%s\n", message.c_str());
    return code;
}

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

void printJson(const QJsonArray& array)
{
    std::printf("%s", QJsonDocument(array).toJson().constData());
}

} // namespace sallyport::relay
