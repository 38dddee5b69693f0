#include "live_screen.h"

#include <sallyport/config/access_config.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <utility>

namespace sallyport::cli {

using agent::Agent;

namespace {

std::string milliseconds(double value)
{
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), value < 10 ? "%.1f ms" : "%.0f ms", value);
    return text.data();
}

std::string clockText(std::chrono::system_clock::time_point time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local = {};
    localtime_r(&seconds, &local);
    std::array<char, 16> text;
    std::strftime(text.data(), text.size(), "%H:%M:%S", &local);
    return text.data();
}

std::string stateText(const agent::Status& status, TimePoint now)
{
    std::string text(agent::toText(status.state));
    if (status.state == agent::LinkState::Waiting && status.nextTry) {
        const auto left = std::chrono::ceil<std::chrono::seconds>(*status.nextTry - now).count();
        text += ", next try in " + std::to_string(std::max<long long>(left, 0)) + " s";
    }
    return text;
}

Tone stateTone(agent::LinkState state)
{
    switch (state) {
    case agent::LinkState::Connected:
        return Tone::Good;
    case agent::LinkState::Waiting:
        return Tone::Warning;
    case agent::LinkState::Refused:
        return Tone::Bad;
    default:
        return Tone::Plain;
    }
}

void addTunnel(const agent::TunnelStatus& tunnel, ScreenModel& model)
{
    const std::string problem = tunnel.upstreamProblem.empty()
                                    ? tunnel.certificateProblem
                                    : "the upstream can't be reached: " + tunnel.upstreamProblem;
    std::string upstream = tunnel.config.upstream.text();
    for (const std::string& part : config::accessSummary(tunnel.config.access))
        upstream += "  [" + part + "]";
    switch (tunnel.state) {
    case agent::TunnelState::Open:
        for (const std::string& url : tunnel.urls)
            model.forwardings.push_back({url, upstream, Tone::Strong, problem});
        break;
    case agent::TunnelState::Pending:
        model.forwardings.push_back({tunnel.ref + " (pending)", upstream, Tone::Dim, problem});
        break;
    case agent::TunnelState::Refused:
        model.forwardings.push_back(
            {tunnel.ref + " (refused)", upstream, Tone::Bad, tunnel.refusalText});
        break;
    }
    model.open += tunnel.counters.open;
    model.total += tunnel.counters.total;
    model.bytesIn += tunnel.counters.bytesIn;
    model.bytesOut += tunnel.counters.bytesOut;
    model.showRequests |= tunnel.config.kind == config::TunnelKind::Http;
}

} // namespace

// " (tls)", with the port where it is not the configured one.
std::string wayText(const agent::Status& status)
{
    if (status.transport.empty())
        return {};
    const std::string port = ":" + std::to_string(status.port);
    return " (" + status.transport + (status.relay.ends_with(port) ? "" : port) + ")";
}

ScreenModel modelOf(const agent::Status& status, const std::vector<agent::RequestRecord>& requests,
                    TimePoint now)
{
    ScreenModel model;
    model.version = agent::version();
    model.state = stateText(status, now);
    model.stateTone = stateTone(status.state);
    model.relay = status.relay + wayText(status);
    if (status.roundTrip)
        model.latency =
            milliseconds(std::chrono::duration<double, std::milli>(*status.roundTrip).count());
    for (const agent::TunnelStatus& tunnel : status.tunnels)
        addTunnel(tunnel, model);
    for (auto record = requests.rbegin(); record != requests.rend(); ++record)
        model.requests.push_back(
            {clockText(record->time), record->method, record->path, record->status,
             record->status == 0
                 ? std::string()
                 : milliseconds(static_cast<double>(record->duration.count()) / 1000)});
    model.message = status.problem;
    return model;
}

LiveScreen::LiveScreen(Agent& agent) : m_agent(agent)
{
    constexpr int SoonMilliseconds = 100;
    constexpr int TickMilliseconds = 1000;
    m_soon.setSingleShot(true);
    m_soon.setInterval(SoonMilliseconds);
    m_tick.setInterval(TickMilliseconds);
    m_soon.callOnTimeout(this, &LiveScreen::draw);
    m_tick.callOnTimeout(this, &LiveScreen::draw);
    m_tick.start();
    connect(&agent, &Agent::stateChanged, this, &LiveScreen::touch);
    connect(&agent, &Agent::tunnelOpened, this, &LiveScreen::touch);
    connect(&agent, &Agent::tunnelRefused, this, &LiveScreen::touch);
    connect(&agent, &Agent::upstreamChanged, this, &LiveScreen::touch);
    connect(&agent, &Agent::requestsChanged, this, &LiveScreen::touch);
    connect(&agent, &Agent::noticed, this,
            [this](const std::string& message, bool) { say("the relay says: " + message); });
    draw();
}

void LiveScreen::say(const std::string& message)
{
    m_message = message;
    touch();
}

void LiveScreen::resized()
{
    m_terminal.forget();
    draw();
}

void LiveScreen::stoppedByShell()
{
    m_terminal.leave();
    std::raise(SIGSTOP);
    m_terminal.enter();
    draw();
}

void LiveScreen::touch()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void LiveScreen::draw()
{
    ScreenModel model = modelOf(m_agent.status(), m_agent.requests(), Clock::now());
    if (model.message.empty())
        model.message = m_message;
    const Terminal::Size size = m_terminal.size();
    m_terminal.draw(render(model, size.width, size.height));
}

} // namespace sallyport::cli
