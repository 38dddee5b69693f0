#include "checks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <algorithm>

namespace sallyport::cli {

namespace {

const char* sign(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok:
        return "[ OK ]";
    case Verdict::Warning:
        return "[WARN]";
    case Verdict::Failure:
        return "[FAIL]";
    }
    return "";
}

const char* word(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Warning:
        return "warning";
    case Verdict::Failure:
        return "failure";
    }
    return "";
}

} // namespace

std::string checksAsText(const std::vector<Check>& checks)
{
    size_t width = 0;
    for (const Check& check : checks)
        width = std::max(width, check.group.size());
    std::string text;
    std::string group;
    for (const Check& check : checks) {
        std::string name = check.group == group ? "" : check.group;
        group = check.group;
        name.resize(width, ' ');
        text += std::string(sign(check.verdict)) + "  " + name + "  " + check.text + "\n";
    }
    return text;
}

std::string checksAsJson(const std::vector<Check>& checks)
{
    QJsonArray rows;
    for (const Check& check : checks)
        rows.append(QJsonObject{{"group", QString::fromStdString(check.group)},
                                {"verdict", word(check.verdict)},
                                {"text", QString::fromStdString(check.text)}});
    return QJsonDocument(QJsonObject{{"ok", !anyFailed(checks)}, {"checks", rows}})
        .toJson()
        .toStdString();
}

bool anyFailed(const std::vector<Check>& checks)
{
    return std::any_of(checks.begin(), checks.end(),
                       [](const Check& check) { return check.verdict == Verdict::Failure; });
}

} // namespace sallyport::cli
