// A home of its own for a control's test: configuration, state and run folders, and a relay that
// the test plays.
#pragma once

#include "agent/fake_relay.h"
#include "net/net_test.h"

#include <sallyport/auth/token.h>
#include <sallyport/config/files.h>
#include <sallyport/control/local_agent_control.h>

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::control::test {

using net::test::runUntil;

class Home
{
public:
    Home()
    {
        qunsetenv("SALLYPORT_TOKEN");
        qputenv("HOME", folder.path().toUtf8());
        qputenv("XDG_CONFIG_HOME", folder.filePath("config").toUtf8());
        qputenv("XDG_STATE_HOME", folder.filePath("state").toUtf8());
        qputenv("XDG_RUNTIME_DIR", folder.filePath("run").toUtf8());
        (void)config::makeFolder(folder.filePath("run").toStdString());
    }
    std::string agentFile() const
    {
        return folder.filePath("config/sallyport/agent.yaml").toStdString();
    }
    void write(const std::string& text) const
    {
        (void)config::makeFolder(folder.filePath("config/sallyport").toStdString());
        QVERIFY(config::writeFileAtomically(agentFile(), text).ok());
    }
    std::string text() const
    {
        const auto file = config::readFile(agentFile());
        return file ? file->text : std::string();
    }

    QTemporaryDir folder;
};

// One that is well formed.
inline const std::string Token(auth::Token::generate().value().secret().reveal());

// A configuration for the fake relay, which speaks plain.
inline std::string configFor(const agent::test::FakeRelay& relay)
{
    return "relay: tcp://127.0.0.1:" + std::to_string(relay.port()) +
           "\ntoken: spt_test\nreconnect: {min: 10ms, max: 50ms}\n";
}

inline config::TunnelConfig httpTunnel(uint16_t port)
{
    config::TunnelConfig tunnel;
    tunnel.upstream.endpoint = {"127.0.0.1", port};
    return tunnel;
}

inline AgentControlOptions quiet()
{
    AgentControlOptions options;
    options.preferFile = true;
    options.capture.keepHistory = false;
    return options;
}

// The answer to a command, once it is there.
struct Answered
{
    std::optional<Result<void, agent::Problem>> result;
    AgentControl::Done done()
    {
        return [this](Result<void, agent::Problem> got) { result = std::move(got); };
    }
    bool fine() const { return result && result->ok(); }
    std::string error() const { return result && !result->ok() ? result->error().text : ""; }
};

inline const TunnelView* find(const AgentControl& control, const std::string& ref)
{
    for (const TunnelView& view : control.snapshot().tunnels)
        if (view.status.ref == ref)
            return &view;
    return nullptr;
}

} // namespace sallyport::control::test
