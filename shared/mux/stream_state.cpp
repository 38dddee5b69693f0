#include "stream_state.h"

namespace sallyport::mux {

namespace {

template <typename State>
bool move(State& state, State from, State to)
{
    if (state != from)
        return false;
    state = to;
    return true;
}

} // namespace

bool StreamState::apply(Signal signal)
{
    switch (signal) {
    case Signal::SynSent:
        return move(m_handshake, Handshake::SynQueued, Handshake::SynSent);
    case Signal::AckReceived:
        return move(m_handshake, Handshake::SynSent, Handshake::Done);
    case Signal::Accepted:
        return move(m_handshake, Handshake::SynReceived, Handshake::AckQueued);
    case Signal::AckSent:
        return move(m_handshake, Handshake::AckQueued, Handshake::Done);
    case Signal::FinishRequested:
        return move(m_send, SendHalf::Open, SendHalf::FinQueued);
    case Signal::FinSent:
        return move(m_send, SendHalf::FinQueued, SendHalf::FinSent);
    case Signal::FinReceived:
        return move(m_receive, ReceiveHalf::Open, ReceiveHalf::Finished);
    }
    return false;
}

} // namespace sallyport::mux
