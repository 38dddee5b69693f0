#include "checks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

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

struct Sentence
{
    std::string_view code;
    std::string_view text;
};

// The desktop app has the same ones to translate (viewmodels/settings/check_text.cpp).
constexpr std::array Sentences{
    Sentence{"config_read", "%1, %2 tunnels"},
    Sentence{"config_relay", "relay %1"},
    Sentence{"config_no_relay", "no relay is given: use `sallyport login`, --relay or `relay:`"},
    Sentence{"certificate", "the certificate of %1, %2 days left"},
    Sentence{"certificate_expired",
             "the certificate of %1 has expired; ask the relay's operator for a new one"},
    Sentence{"no_token", "no token is configured"},
    Sentence{"token_found", "a token in %1"},
    Sentence{"token_in_file", "a token in %1, not in a keychain"},
    Sentence{"name_found", "%1 is %2"},
    Sentence{"name_by_proxy", "%1: %2; the proxy may know it"},
    Sentence{"failed_at", "%1: %2"},
    Sentence{"tcp_by_proxy", "through the proxy %1"},
    Sentence{"tcp_answers", "%1 answers in %2"},
    Sentence{"tls_off", "the link is not encrypted (tcp://)"},
    Sentence{"tls_pinned", "%1, the pinned key"},
    Sentence{"tls_by_file", "%1, trusted by %2"},
    Sentence{"tls_by_bundle", "%1, trusted by this system or by the bundle's authority"},
    Sentence{"tls_by_system", "%1, trusted by this system"},
    Sentence{"link_no_token", "not tried: there is no token"},
    Sentence{"link_up", "the relay takes this agent, by %1 on port %2"},
    Sentence{"link_up_in", "the relay takes this agent, by %1 on port %2, latency %3"},
    Sentence{"upstream_answers", "%1 answers"},
};

std::string filled(std::string_view sentence, const std::vector<std::string>& facts)
{
    std::string text;
    for (size_t i = 0; i < sentence.size(); ++i) {
        const bool marked = sentence[i] == '%' && i + 1 < sentence.size();
        const size_t place = marked ? size_t(sentence[i + 1] - '1') : facts.size();
        if (place < facts.size()) {
            text += facts[place];
            ++i;
        } else {
            text += sentence[i];
        }
    }
    return text;
}

} // namespace

Check makeCheck(std::string group, Verdict verdict, std::string code,
                std::vector<std::string> facts)
{
    const auto found =
        std::find_if(Sentences.begin(), Sentences.end(),
                     [&](const Sentence& sentence) { return sentence.code == code; });
    std::string text = found == Sentences.end() ? code : filled(found->text, facts);
    return {std::move(group), verdict, std::move(text), std::move(code), std::move(facts)};
}

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
    for (const Check& check : checks) {
        QJsonArray facts;
        for (const std::string& fact : check.facts)
            facts.append(QString::fromStdString(fact));
        rows.append(QJsonObject{{"group", QString::fromStdString(check.group)},
                                {"verdict", word(check.verdict)},
                                {"text", QString::fromStdString(check.text)},
                                {"code", QString::fromStdString(check.code)},
                                {"facts", facts}});
    }
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
