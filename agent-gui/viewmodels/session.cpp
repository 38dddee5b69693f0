#include "session.h"

#include "problem_text.h"
#include "service_model.h"
#include "traffic_model.h"

#include <sallyport/inspect/traffic_source.h>

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QPointer>
#include <QUrl>

#include <algorithm>
#include <array>

namespace sallyport::gui {

namespace {

using control::AgentControl;

constexpr std::array Pages{"tunnels", "publish",  "traffic", "accounts", "settings",
                           "log",     "diagnose", "about",   "welcome"};

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

} // namespace

Session::Session(AgentControl& control, QSettings* settings, QObject* parent)
    : QObject(parent),
      m_control(control),
      m_appearance(settings),
      m_settings(settings),
      m_meter(control)
{
    m_countdown.setInterval(1'000);
    connect(&m_countdown, &QTimer::timeout, this, &Session::changed);
    connect(&control, &AgentControl::snapshotChanged, this, &Session::refresh);
    connect(&control, &AgentControl::placeChanged, this, &Session::refresh);
    connect(&control, &AgentControl::accountsChanged, this, &Session::refresh);
    connect(&control.traffic(), &inspect::TrafficSource::storageProblemChanged, this,
            &Session::changed);
    connect(&m_settings, &AppSettings::unsavedChanged, this, &Session::changed);
    const auto record = [this] { m_control.traffic().setSettings(m_settings.captureSettings()); };
    connect(&m_settings, &AppSettings::captureChanged, this, record);
    record();
    m_neededAccount = needsAccount();
    refresh();
}

Session::~Session() = default;

ServiceModel* Session::service()
{
    if (!m_service)
        m_service = std::make_unique<ServiceModel>(*this);
    return m_service.get();
}

void Session::setService(std::unique_ptr<ServiceModel> service)
{
    m_service = std::move(service);
}

TrafficModel* Session::traffic()
{
    if (!m_traffic) {
        m_traffic = std::make_unique<TrafficModel>();
        m_traffic->setSession(this);
    }
    return m_traffic.get();
}

void Session::refresh()
{
    m_lastAddresses.note(m_control.snapshot().tunnels);
    if (nextTryIn() < 0)
        m_countdown.stop();
    else if (!m_countdown.isActive())
        m_countdown.start();
    if (m_neededAccount != needsAccount()) {
        m_neededAccount = !m_neededAccount;
        emit needsAccountChanged();
    }
    emit changed();
}

Session::State Session::state() const
{
    if (m_control.place() == AgentControl::Place::Detached)
        return State::ServiceAway;
    const auto& now = m_control.snapshot();
    switch (now.state) {
    case agent::LinkState::Connected:
        return State::Connected;
    case agent::LinkState::Refused:
        return State::Refused;
    case agent::LinkState::Waiting:
        return State::Waiting;
    case agent::LinkState::Connecting:
        // The tries after a first failure are one long outage.
        return now.failedTries > 0 ? State::Waiting : State::Connecting;
    case agent::LinkState::Offline:
    case agent::LinkState::Stopped:
        break;
    }
    const bool hasRelay = !m_control.accounts().empty() || !now.relay.empty();
    return now.switchedOn && hasRelay ? State::Connecting : State::Off;
}

QString Session::stateText() const
{
    switch (state()) {
    case State::Off:
        return tr("Switched off");
    case State::Connecting:
        return tr("Connecting");
    case State::Connected:
        return tr("Connected");
    case State::Waiting:
        return tr("No connection");
    case State::Refused:
        return tr("Refused");
    case State::ServiceAway:
        return tr("Service is away");
    }
    return {};
}

QString Session::relay() const
{
    return text(m_control.snapshot().relay);
}

QString Session::transport() const
{
    return text(m_control.snapshot().transport);
}

QString Session::problem() const
{
    const auto& now = m_control.snapshot();
    switch (state()) {
    case State::ServiceAway:
        return m_control.takesOver()
                   ? tr("The agent that ran outside this window has ended. If it stays away, this "
                        "window runs the tunnels itself in a few seconds.")
                   : tr("The agent that runs outside this window does not answer. It is looked "
                        "for; if it has ended, this window can run the tunnels itself.");
    case State::Refused:
        return now.failure ? problemText({now.failure->problem, now.failure->text})
                           : problemText(now.problem);
    case State::Waiting:
        return problemText(now.problem);
    case State::Off:
    case State::Connecting:
    case State::Connected:
        break;
    }
    return {};
}

int Session::roundTripMs() const
{
    const auto& trip = m_control.snapshot().roundTrip;
    return trip ? int(std::chrono::duration_cast<std::chrono::milliseconds>(*trip).count()) : -1;
}

int Session::nextTryIn() const
{
    const auto& next = m_control.snapshot().nextTry;
    if (!next)
        return -1;
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(*next - std::chrono::system_clock::now());
    return int(std::max<int64_t>(0, left.count()));
}

int Session::tunnelCount() const
{
    return int(m_control.snapshot().tunnels.size());
}

int Session::openTunnelCount() const
{
    const auto& tunnels = m_control.snapshot().tunnels;
    return int(std::count_if(tunnels.begin(), tunnels.end(), [](const auto& tunnel) {
        return !tunnel.paused && tunnel.status.state == agent::TunnelState::Open;
    }));
}

bool Session::isSwitchedOn() const
{
    return m_control.snapshot().switchedOn;
}

QString Session::configProblem() const
{
    const QStringList lines =
        text(m_control.snapshot().configProblem).split('\n', Qt::SkipEmptyParts);
    if (lines.isEmpty())
        return {};
    const QString shown = lines.mid(0, MaxProblemLines).join('\n');
    return lines.size() > MaxProblemLines
               ? shown + "\n" + tr("… and %n more", nullptr, int(lines.size()) - MaxProblemLines)
               : shown;
}

QString Session::storageProblem() const
{
    using Kind = inspect::StorageProblem::Kind;
    const inspect::StorageProblem history = m_control.traffic().storageProblem();
    QStringList found;
    if (history.kind == Kind::Full)
        found += tr("The disk that holds %1 is full. Traffic goes on, but it is kept in memory "
                    "alone, without long bodies. Make room: then it is written by itself.")
                     .arg(text(history.folder));
    else if (history.kind == Kind::NotWritable)
        found += tr("%1 can't be written. Traffic goes on, but it is kept in memory alone, without "
                    "long bodies. See who may write there: then it is written by itself.")
                     .arg(text(history.folder));
    if (!m_settings.unsavedIn().isEmpty())
        found += tr("%1 can't be written: what is changed in the settings lasts until Sallyport "
                    "ends. See whether there is room, and who may write there.")
                     .arg(m_settings.unsavedIn());
    return found.join('\n');
}

// A configuration that can't be read may name a relay: the welcome page would hide what is wrong.
bool Session::needsAccount() const
{
    return m_control.snapshot().configProblem.empty() && m_control.accounts().empty() &&
           m_control.snapshot().relay.empty() && m_control.place() != AgentControl::Place::Detached;
}

Session::Place Session::place() const
{
    switch (m_control.place()) {
    case AgentControl::Place::Service:
        return Place::Service;
    case AgentControl::Place::Detached:
        return Place::Detached;
    case AgentControl::Place::InProcess:
        break;
    }
    return Place::InProcess;
}

void Session::setTrayMissing(bool missing)
{
    if (missing == m_trayMissing)
        return;
    m_trayMissing = missing;
    emit trayMissingChanged();
}

void Session::open(const QString& page, const QString& argument)
{
    if (std::find(Pages.begin(), Pages.end(), page) == Pages.end())
        return;
    if (page == m_page && argument.isEmpty()) {
        emit pageAgain();
        return;
    }
    m_page = page;
    m_argument = argument;
    emit pageChanged();
}

QString Session::takeArgument()
{
    return std::exchange(m_argument, QString());
}

void Session::switchOn(bool on)
{
    m_control.setSwitchedOn(on, complaining());
}

void Session::retryNow()
{
    m_control.retryNow();
}

void Session::takeOver()
{
    m_control.takeOver(complaining());
}

void Session::copy(const QString& text, const QString& said)
{
    QGuiApplication::clipboard()->setText(text);
    say(said.isEmpty() ? tr("Copied") : said, ToastKind::Good);
}

void Session::openUrl(const QString& url)
{
    const QUrl target(url, QUrl::StrictMode);
    const bool web = target.scheme() == "https" || target.scheme() == "http";
    if (!web || !QDesktopServices::openUrl(target))
        say(tr("No program could be found that opens %1").arg(url), ToastKind::Bad);
}

void Session::say(const QString& text, ToastKind kind)
{
    emit toast(text, kind);
}

void Session::keepUnfinished(const QString& ref, const UnfinishedTunnel& form)
{
    if (m_unfinished.size() >= MaxUnfinished)
        m_unfinished.clear();
    m_unfinished.insert(ref, form);
}

std::optional<UnfinishedTunnel> Session::takeUnfinished(const QString& ref)
{
    const auto found = m_unfinished.find(ref);
    if (found == m_unfinished.end())
        return {};
    UnfinishedTunnel form = *found;
    m_unfinished.erase(found);
    return form;
}

AgentControl::Done Session::complaining()
{
    return [self = QPointer<Session>(this)](const Result<void, agent::Problem>& result) {
        if (self && !result)
            self->say(problemText(result.error()), ToastKind::Bad);
    };
}

} // namespace sallyport::gui
