// What the load programs share: an epoll loop, sockets, time, the command line and the conversation
// with whoever started them. Linux only; one thread; a failed system call that is our own mistake
// ends the program.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::bench {

// Nanoseconds of the monotonic clock: the same clock in all processes of one machine.
int64_t nowNs();

[[noreturn]] void fail(const std::string& message);

class Handler
{
public:
    virtual ~Handler() = default;
    virtual void ready(uint32_t events) = 0;
};

// Level-triggered. A handler that is done with hands itself to retire(), which deletes it after the
// events of the turn were delivered, since some of those may still name it.
class Loop
{
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void add(int fd, uint32_t events, Handler* handler);
    void modify(int fd, uint32_t events, Handler* handler);
    void remove(int fd);
    void retire(Handler* handler);

    void run();
    void stop() { m_running = false; }

private:
    int m_epoll;
    bool m_running = false;
    std::vector<std::unique_ptr<Handler>> m_retired;
};

// A timer that calls back at absolute times of nowNs().
class Timer : public Handler
{
public:
    Timer(Loop& loop, std::function<void()> callback);
    ~Timer() override;
    void at(int64_t timeNs);
    void ready(uint32_t events) override;

private:
    Loop& m_loop;
    std::function<void()> m_callback;
    int m_fd;
};

// Answers each line "mark" on standard input with what `report` returns, and stops the loop when
// standard input ends: so no load program outlives the one that started it.
class Marks : public Handler
{
public:
    Marks(Loop& loop, std::function<std::string()> report);
    void ready(uint32_t events) override;

private:
    Loop& m_loop;
    std::function<std::string()> m_report;
};

// Prints one line at once.
void tell(const std::string& line);

// All on 127.0.0.1, non-blocking, TCP_NODELAY.
int listenOn(uint16_t port);
int acceptFrom(int listener); // -1: none waiting
int connectTo(uint16_t port); // in progress; writable when connected
int connectError(int fd);     // errno of a finished connect(), 0 when it succeeded

// "MODE PORT [--name value]..."
class Arguments
{
public:
    Arguments(int argc, char** argv);

    std::string mode;
    uint16_t port = 0;

    int64_t number(const std::string& name, int64_t otherwise) const;
    std::string text(const std::string& name, const std::string& otherwise) const;

private:
    std::map<std::string, std::string> m_values;
};

} // namespace sallyport::bench
