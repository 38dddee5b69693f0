// The relay's end of the control stream, from the first byte to the last. Pure: bytes and `now` in,
// events, bytes and a deadline out.
//
// Order of calls: construct when the link stands (before the agent has opened its control stream,
// so that silence times out too). Then, after every input or command: nextEvent() until it yields
// nothing, send output(), arm a timer for nextDeadline().
//
// The first event is Hello. The owner checks it and answers with accept() or refuse(); until then
// nothing more is read and wantsInput() is false (leave the bytes in the stream: its window holds
// the agent back). A Challenge sent meanwhile lets one Reauth in, which is an event like the hello:
// it is checked, and answered, in the same way. The owner limits how long that may take.
// Afterwards the other events come as the agent sends them. The last one is ControlEnded.
//
// By itself it refuses a hello of another protocol, late hellos and malformed messages (`refuse`,
// end), answers unknown types with `unsupported` and requests for ill-formed tunnels with
// `tunnel.refused`.
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/wire/control_line.h>
#include <sallyport/wire/message_codec.h>

#include <optional>
#include <variant>
#include <vector>

namespace sallyport::wire {

class RelayControl
{
public:
    struct Limits
    {
        Duration helloTimeout = std::chrono::seconds(10);
        size_t inputBytes = 512 * 1024;   // held while a hello is being checked
        size_t outputBytes = 1024 * 1024; // not yet taken by the stream
    };
    using Event = std::variant<Hello, TunnelOpen, TunnelCheck, TunnelClose, TunnelUpdate, Reauth,
                               StreamFailed, CertificateRenew, ControlEnded>;

    explicit RelayControl(TimePoint now) : RelayControl(now, Limits()) {}
    RelayControl(TimePoint now, Limits limits);

    // Inputs. Ignored after the end.
    void receive(ByteView bytes) { m_line.receive(bytes); }
    void receiveEnd() { m_line.receiveEnd(); } // FIN or reset of the control stream
    void handleTimeout(TimePoint now);

    // Commands. accept() only once, after Hello; what does not fit into one message follows in
    // others.
    void accept(Welcome welcome);
    // At any time: a hello that fails, or a credential that was revoked later. Ends with
    // ControlEnded.
    void refuse(const Refusal& refusal);
    // After accept(); a challenge also before it. Ignored after the end.
    void send(const TunnelOpened& message);
    void send(const TunnelRefused& message);
    void send(const TunnelChecked& message);
    void send(const Drain& message);
    void send(const Challenge& message);
    void send(const Notice& message);
    void send(const CertificateIssued& message);
    void send(const CertificateRefused& message);

    // Outputs.
    std::optional<Event> nextEvent();
    ByteView output() const { return m_line.output(); }
    void consumeOutput(size_t n) { m_line.consumeOutput(n); }
    std::optional<TimePoint> nextDeadline() const;
    bool wantsInput() const { return m_state != State::Checking && !ended(); }
    bool isOpen() const { return m_state == State::Open && !ended(); }
    bool ended() const { return m_line.ended(); }

private:
    enum class State { AwaitingHello, Checking, Challenged, Open };

    bool mayCome(const Message& message) const;

    void endWith(RefusalCode code, ControlEnd reason, std::string detail);
    std::optional<Event> readFrame(std::string_view json);
    std::optional<Event> dispatch(Message&& message);
    void answerFailure(const ParseFailure& failure);

    Limits m_limits;
    TimePoint m_helloDeadline;
    State m_state = State::AwaitingHello;
    ControlLine m_line;
    std::vector<TunnelRefused> m_invalidTunnels;
};

} // namespace sallyport::wire
