// Our session over a real socket, with a process of the Go implementation at the other end.
#pragma once

#include <sallyport/mux/session.h>

#include <QProcess>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::mux {

// One stream as this end of the test sees it.
struct Talk
{
    StreamId id = 0;
    bool accepted = false;
    bool finished = false; // by the peer
    bool closed = false;
    std::optional<ResetReason> reset;
    std::string toSay; // to send first
    bool wantsFinish = false;
    std::string text; // received, unless it is bulk

    // Bulk: both directions carry `size` bytes of the pattern, each from its own salt on.
    bool bulk = false;
    uint64_t size = 0;
    uint32_t sendSalt = 0;
    uint32_t receiveSalt = 0;
    uint64_t sent = 0;
    uint64_t received = 0;

    bool over() const { return closed || reset.has_value(); }
};

class GoPeer
{
public:
    // `role` is ours; the Go process takes the other one.
    GoPeer(Role role, const Config& config, const QStringList& options = {});
    ~GoPeer();

    Session& session() { return *m_session; }
    // Opens a stream and sends the text on it.
    Talk& open(const std::string& text);
    void say(Talk& talk, const std::string& text);
    void finish(Talk& talk);
    Talk& openBulk(uint32_t salt, uint64_t size);
    // Sends one command and waits for the answer's end.
    std::string ask(const std::string& command);

    // Moves bytes until the condition holds; false after 60 s without that, or when the session
    // fails.
    bool waitFor(const std::function<bool()>& condition);

    const std::vector<std::unique_ptr<Talk>>& talks() const { return m_talks; }
    Talk* openedByPeer() const { return m_openedByPeer; } // the last one
    int pingsAnswered() const { return m_pingsAnswered; }
    bool goAwayReceived() const { return m_goAwayReceived; }
    // Empty while all is well.
    const std::string& failure() const { return m_failure; }

private:
    void turn(int timeoutMs);
    void receive();
    void flush();
    void drainEvents();
    void handle(Event& event);
    void onData(Talk& talk, ByteView bytes);
    void continueSending(Talk& talk);
    bool sendBulk(Talk& talk);
    Talk& addTalk(StreamId id);

    BufferPool m_pool;
    ByteQueue m_out{m_pool};
    std::unique_ptr<Session> m_session;
    QProcess m_process;
    int m_socket = -1;
    std::vector<std::byte> m_input;
    std::vector<std::unique_ptr<Talk>> m_talks;
    Talk* m_openedByPeer = nullptr;
    int m_pingsAnswered = 0;
    bool m_goAwayReceived = false;
    std::string m_failure;
};

} // namespace sallyport::mux
