#include <sallyport/agent/agent.h>
#include <sallyport/control/relay_trial.h>
#include <sallyport/control/settings.h>

#include <QDateTime>
#include <QEventLoop>
#include <QTimer>

#include <utility>

namespace sallyport::control {

using agent::Agent;
using agent::LinkState;

namespace {

// The way out of what a person meets when the relay is not believed.
std::string wayOut(agent::ProblemCode code)
{
    switch (code) {
    case agent::ProblemCode::PinMismatch:
        return ". Ask the relay's operator for a new join line, and why the key changed: without a "
               "reason somebody may stand in between";
    case agent::ProblemCode::CertificateTime:
        return ". This computer's clock says " +
               QDateTime::currentDateTimeUtc().toString("yyyy-MM-dd hh:mm").toStdString() +
               " UTC: set it if that is wrong, else tell the relay's operator";
    case agent::ProblemCode::CertificateUntrusted:
        return ". A relay with a certificate of its own is known by the pin in its join line: "
               "paste "
               "the whole line (sallyport://...)";
    default:
        return {};
    }
}

} // namespace

RelayTrial::RelayTrial(const config::AgentConfig& config, agent::TokenProvider token,
                       bool wantRoundTrip, Done done)
    : m_wantRoundTrip(wantRoundTrip), m_done(std::move(done))
{
    agent::AgentOptions options = agent::optionsFrom(config);
    options.tunnels.clear();
    options.token = std::move(token);
    options.id = agentId("trial");
    m_agent = std::make_unique<Agent>(std::move(options));
    connect(m_agent.get(), &Agent::stateChanged, this, &RelayTrial::stateChanged);
    connect(m_agent.get(), &Agent::failed, this, &RelayTrial::failed);
    connect(m_agent.get(), &Agent::roundTrip, this, [this](std::chrono::nanoseconds time) {
        m_result.roundTrip = time;
        if (m_agent->state() == LinkState::Connected)
            finish(TrialOutcome::Fine, {});
    });
    QTimer::singleShot(0, this, [this] { m_agent->start(); });
}

RelayTrial::~RelayTrial() = default;

void RelayTrial::stateChanged(LinkState state)
{
    const agent::Status status = m_agent->status();
    // Worth another try to an agent, which waits for a clock to be set; here a person has to know.
    if (state == LinkState::Waiting && status.problemCode == agent::ProblemCode::CertificateTime)
        return finish(TrialOutcome::Refused,
                      {status.problemCode, status.problem + wayOut(status.problemCode)});
    if (state == LinkState::Waiting)
        return finish(TrialOutcome::Unreachable, {status.problemCode, status.problem});
    if (state != LinkState::Connected)
        return;
    m_result.transport = status.transport;
    m_result.port = status.port;
    m_result.roundTrip = status.roundTrip;
    if (!m_wantRoundTrip || m_result.roundTrip)
        return finish(TrialOutcome::Fine, {});
    QTimer::singleShot(2000, this, [this] { finish(TrialOutcome::Fine, {}); });
}

void RelayTrial::failed(const agent::AgentFailure& failure)
{
    const bool options = failure.kind == agent::AgentFailure::Kind::Options;
    agent::Problem problem{failure.problem, failure.text};
    if (failure.kind == agent::AgentFailure::Kind::Untrusted)
        problem.text += wayOut(failure.problem);
    finish(options ? TrialOutcome::Unusable : TrialOutcome::Refused, problem);
}

void RelayTrial::finish(TrialOutcome outcome, const agent::Problem& problem)
{
    if (!m_done)
        return;
    m_result.outcome = outcome;
    m_result.problem = problem;
    // We are inside one of the agent's signals. It says good-bye, so that the relay does not keep
    // the link for a grace.
    QTimer::singleShot(0, this, [this, done = std::exchange(m_done, {})] {
        if (m_agent->state() != LinkState::Stopped)
            m_agent->stop(std::chrono::milliseconds(0));
        done(m_result);
    });
}

TrialResult tryRelay(const config::AgentConfig& config, agent::TokenProvider token,
                     bool wantRoundTrip)
{
    QEventLoop loop;
    TrialResult result;
    RelayTrial trial(config, std::move(token), wantRoundTrip, [&](TrialResult got) {
        result = std::move(got);
        loop.quit();
    });
    loop.exec();
    return result;
}

} // namespace sallyport::control
