#include "tunnel_row.h"

#include "format.h"
#include "problem_text.h"

#include <QCoreApplication>

namespace sallyport::gui {

namespace {

using State = TunnelCard::State;

QString translated(const char* text)
{
    return QCoreApplication::translate("TunnelRow", text);
}

State stateOf(const control::TunnelView& view)
{
    if (view.paused)
        return State::Paused;
    if (view.status.state == agent::TunnelState::Refused)
        return State::Refused;
    if (view.status.state == agent::TunnelState::Pending)
        return State::Pending;
    if (!view.status.upstreamProblem.empty())
        return State::UpstreamDown;
    return view.status.certificateProblem.empty() ? State::Open : State::Problem;
}

QString textOf(State state)
{
    switch (state) {
    case State::Pending:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Waiting"));
    case State::Open:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Open"));
    case State::Paused:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Paused"));
    case State::UpstreamDown:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Service down"));
    case State::Problem:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Problem"));
    case State::Refused:
        return translated(QT_TRANSLATE_NOOP("TunnelRow", "Refused"));
    }
    return {};
}

QString problemOf(State state, const agent::TunnelStatus& status)
{
    switch (state) {
    case State::UpstreamDown:
        return problemText({status.upstreamCode, status.upstreamProblem});
    case State::Problem:
        return problemText({status.certificateCode, status.certificateProblem});
    case State::Refused:
        return problemText({agent::problemCodeOfRefusal(status.refusalCode), status.refusalText});
    case State::Pending:
    case State::Open:
    case State::Paused:
        break;
    }
    return {};
}

QString accessOf(const wire::AccessPolicy& access)
{
    QStringList rules;
    if (!access.users.empty())
        rules.append(translated(QT_TRANSLATE_NOOP("TunnelRow", "Password")));
    if (!access.tokenHashes.empty())
        rules.append(translated(QT_TRANSLATE_NOOP("TunnelRow", "Token")));
    if (!access.allow.empty() || !access.deny.empty())
        rules.append(translated(QT_TRANSLATE_NOOP("TunnelRow", "Networks")));
    return rules.join(", ");
}

} // namespace

TunnelRow TunnelRow::from(const control::TunnelView& view, const std::string& url)
{
    const agent::TunnelStatus& status = view.status;
    const auto kind = wire::kindText(status.config.kind);
    TunnelRow row;
    row.ref = fromUtf8(status.ref);
    row.kind = QString::fromUtf8(kind.data(), qsizetype(kind.size())).toUpper();
    row.url = fromUtf8(url);
    row.live = !status.urls.empty();
    row.upstream = fromUtf8(status.config.upstream.text());
    row.access = accessOf(status.config.access);
    row.state = stateOf(view);
    row.stateText = textOf(row.state);
    row.problem = problemOf(row.state, status);
    row.bytesIn = bytesText(status.counters.bytesIn);
    row.bytesOut = bytesText(status.counters.bytesOut);
    row.open = status.counters.open;
    return row;
}

bool TunnelRow::contains(const QString& text) const
{
    return text.isEmpty() || ref.contains(text, Qt::CaseInsensitive) ||
           url.contains(text, Qt::CaseInsensitive) || upstream.contains(text, Qt::CaseInsensitive);
}

} // namespace sallyport::gui
