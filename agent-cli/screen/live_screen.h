// Shows an agent on the terminal: draws when something changed, a few times a second at most.
//
// Threads: the agent's. Lifetime: the agent outlives it.
#pragma once

#include "screen_model.h"
#include "terminal.h"

#include <sallyport/agent/agent.h>

#include <QObject>
#include <QTimer>

#include <string>

namespace sallyport::cli {

// What the screen shows of an agent. `message` is the caller's.
ScreenModel modelOf(const agent::Status& status, const std::vector<agent::RequestRecord>& requests,
                    TimePoint now);

class LiveScreen final : public QObject
{
public:
    explicit LiveScreen(agent::Agent& agent);

    void resized();
    void stoppedByShell(); // Ctrl+Z: returns when the shell has put it to the foreground again
    void say(const std::string& message);

private:
    void touch();
    void draw();

    agent::Agent& m_agent;
    Terminal m_terminal;
    QTimer m_soon;
    QTimer m_tick;
    std::string m_message;
};

} // namespace sallyport::cli
