// The agent's end of the control stream. Pure: bytes and `now` in, events, bytes and a deadline
// out.
//
// Order of calls: construct when the control stream is open; output() then holds the hello. After
// every input or command: nextEvent() until it yields nothing, send output(), arm a timer for
// nextDeadline().
//
// The first event is Welcome, or Refuse followed by ControlEnded; a Challenge may come before:
// answer it by a Reauth, which doubles the time that the welcome may take. Tunnels that did not fit
// into the hello are asked for behind the welcome, so their answers come as TunnelOpened or
// TunnelRefused; the same holds for grants that did not fit into the welcome.
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/wire/control_line.h>
#include <sallyport/wire/message_codec.h>

#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace sallyport::wire {

class AgentControl
{
public:
    struct Limits
    {
        Duration welcomeTimeout = std::chrono::seconds(15);
        size_t inputBytes = 512 * 1024;
        size_t outputBytes = 2 * 1024 * 1024;
    };
    using Event =
        std::variant<Welcome, Refuse, TunnelOpened, TunnelRefused, TunnelChecked, Drain, Challenge,
                     Notice, Unsupported, CertificateIssued, CertificateRefused, ControlEnded>;

    AgentControl(TimePoint now, Hello hello) : AgentControl(now, std::move(hello), Limits()) {}
    AgentControl(TimePoint now, Hello hello, Limits limits);

    // Inputs. Ignored after the end.
    void receive(ByteView bytes) { m_line.receive(bytes); }
    void receiveEnd() { m_line.receiveEnd(); } // FIN or reset of the control stream
    void handleTimeout(TimePoint now);

    // Commands. Before the welcome they wait for it (but for the answer to a challenge); after the
    // end they are ignored.
    void send(const TunnelOpen& message);
    void send(const TunnelClose& message);
    void send(const TunnelCheck& message);
    void send(const TunnelUpdate& message);
    void send(const Reauth& message);
    void send(const StreamFailed& message);
    void send(const CertificateRenew& message);

    // Outputs.
    std::optional<Event> nextEvent();
    ByteView output() const { return m_line.output(); }
    void consumeOutput(size_t n) { m_line.consumeOutput(n); }
    std::optional<TimePoint> nextDeadline() const;
    bool isOpen() const { return m_open && !ended(); }
    bool ended() const { return m_line.ended(); }

private:
    void postWhenOpen(const Message& message);
    bool mayCome(const Message& message) const;
    std::optional<Event> readFrame(std::string_view json);
    std::optional<Event> dispatch(Message&& message);
    void open();
    TimePoint welcomeDeadline() const;

    Limits m_limits;
    TimePoint m_welcomeDeadline;
    bool m_open = false;       // the welcome came
    bool m_challenged = false; // before the welcome
    ControlLine m_line;
    ControlOutput m_waiting; // commands that came before the welcome
};

} // namespace sallyport::wire
