// Where a stream stands: the handshake and its two halves. Every change of state is made by
// apply(), in one switch.
//
//   handshake   SynQueued -> SynSent -> Done             opened here
//               SynReceived -> AckQueued -> Done         opened by the peer
//   send half   Open -> FinQueued -> FinSent
//   receive     Open -> Finished
//
// The three move independently: a stream may be finished before it is acknowledged. A reset has no
// state: the stream is forgotten.
#pragma once

#include <cstdint>

namespace sallyport::mux {

class StreamState
{
public:
    enum class Signal : uint8_t {
        SynSent,
        AckReceived,
        Accepted,
        AckSent,
        FinishRequested,
        FinSent,
        FinReceived,
    };

    static StreamState openedHere() { return StreamState(Handshake::SynQueued); }
    static StreamState openedByPeer() { return StreamState(Handshake::SynReceived); }

    // False: the signal means nothing in this state, and nothing changed.
    bool apply(Signal signal);

    bool needsSyn() const { return m_handshake == Handshake::SynQueued; }
    bool needsAck() const { return m_handshake == Handshake::AckQueued; }
    bool needsFin() const { return m_send == SendHalf::FinQueued; }
    // The peer can't know of it yet.
    bool unannounced() const { return needsSyn(); }
    bool awaitsAck() const { return needsSyn() || m_handshake == Handshake::SynSent; }
    bool awaitsAccept() const { return m_handshake == Handshake::SynReceived; }

    bool canWrite() const { return m_send == SendHalf::Open; }
    bool canReceive() const { return m_receive == ReceiveHalf::Open; }
    bool finSent() const { return m_send == SendHalf::FinSent; }
    bool closed() const { return finSent() && !canReceive(); }

private:
    enum class Handshake : uint8_t { SynQueued, SynSent, SynReceived, AckQueued, Done };
    enum class SendHalf : uint8_t { Open, FinQueued, FinSent };
    enum class ReceiveHalf : uint8_t { Open, Finished };

    explicit StreamState(Handshake handshake) : m_handshake(handshake) {}

    Handshake m_handshake;
    SendHalf m_send = SendHalf::Open;
    ReceiveHalf m_receive = ReceiveHalf::Open;
};

} // namespace sallyport::mux
