#include "check_text.h"

#include "problem_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace sallyport::gui {

namespace {

struct Sentence
{
    const char* code;
    const char* text;
};

// Those of agent-cli/commands/checks.cpp, for people who look at a window.
constexpr std::array Sentences{
    Sentence{"config_read", QT_TRANSLATE_NOOP("CheckText", "%1, tunnels: %2")},
    Sentence{"config_relay", QT_TRANSLATE_NOOP("CheckText", "Relay %1")},
    Sentence{"config_no_relay",
             QT_TRANSLATE_NOOP("CheckText", "No relay is given: add an account.")},
    Sentence{"certificate", QT_TRANSLATE_NOOP("CheckText", "The certificate of %1; days left: %2")},
    Sentence{"certificate_expired",
             QT_TRANSLATE_NOOP("CheckText", "The certificate of %1 has expired. Ask the relay's "
                                            "operator for a new one.")},
    Sentence{"no_token", QT_TRANSLATE_NOOP("CheckText", "No token is configured.")},
    Sentence{"token_found", QT_TRANSLATE_NOOP("CheckText", "A token in %1")},
    Sentence{"token_in_file", QT_TRANSLATE_NOOP("CheckText", "A token in %1, not in a keychain")},
    Sentence{"name_found", QT_TRANSLATE_NOOP("CheckText", "%1 is %2")},
    Sentence{"name_by_proxy", QT_TRANSLATE_NOOP("CheckText", "%1: %2. The proxy may know it.")},
    Sentence{"tcp_by_proxy", QT_TRANSLATE_NOOP("CheckText", "Through the proxy %1")},
    Sentence{"tcp_answers", QT_TRANSLATE_NOOP("CheckText", "%1 answers in %2")},
    Sentence{"tls_off", QT_TRANSLATE_NOOP("CheckText", "The link is not encrypted (tcp://).")},
    Sentence{"tls_pinned", QT_TRANSLATE_NOOP("CheckText", "%1, the pinned key")},
    Sentence{"tls_by_file", QT_TRANSLATE_NOOP("CheckText", "%1, trusted by %2")},
    Sentence{"tls_by_bundle", QT_TRANSLATE_NOOP("CheckText", "%1, trusted by this system or by "
                                                             "the bundle's authority")},
    Sentence{"tls_by_system", QT_TRANSLATE_NOOP("CheckText", "%1, trusted by this system")},
    Sentence{"link_no_token", QT_TRANSLATE_NOOP("CheckText", "Not tried: there is no token.")},
    Sentence{"link_up",
             QT_TRANSLATE_NOOP("CheckText", "The relay takes this agent, by %1 on port %2")},
    Sentence{"link_up_in", QT_TRANSLATE_NOOP("CheckText", "The relay takes this agent, by %1 on "
                                                          "port %2; there and back in %3")},
    Sentence{"upstream_answers", QT_TRANSLATE_NOOP("CheckText", "%1 answers")},
};

constexpr std::array Groups{
    QT_TRANSLATE_NOOP("CheckText", "Config"), QT_TRANSLATE_NOOP("CheckText", "Credentials"),
    QT_TRANSLATE_NOOP("CheckText", "Link"), QT_TRANSLATE_NOOP("CheckText", "Upstreams")};

} // namespace

QString checkGroup(const QString& group)
{
    const auto found = std::find_if(Groups.begin(), Groups.end(),
                                    [&](const char* known) { return group == known; });
    return found == Groups.end() ? group : QCoreApplication::translate("CheckText", *found);
}

QString checkText(const QString& code, const QStringList& facts, const QString& words)
{
    if (code.startsWith("problem:"))
        return problemText(
            {agent::problemCodeFromText(code.mid(8).toStdString()), words.toStdString()});
    const auto found = std::find_if(Sentences.begin(), Sentences.end(),
                                    [&](const Sentence& known) { return code == known.code; });
    if (found == Sentences.end())
        return words;
    QString text = QCoreApplication::translate("CheckText", found->text);
    // All at once: a fact may hold what looks like a place.
    switch (facts.size()) {
    case 0:
        return text;
    case 1:
        return text.arg(facts[0]);
    case 2:
        return text.arg(facts[0], facts[1]);
    default:
        return text.arg(facts[0], facts[1], facts[2]);
    }
}

} // namespace sallyport::gui
