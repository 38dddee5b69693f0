// Checks passwords against their argon2id hashes on a thread of its own: one check takes tens of
// milliseconds and megabytes, on purpose, and an event loop must not wait for it.
//
// One check runs at a time, so all visitors together cost one processor at most. The queue is
// bounded, for one policy and for all, and policies take turns: whoever floods one tunnel with
// guesses does not keep another's visitors waiting.
//
// Threads: submit() from any; callbacks come on the checker's thread. stop() before what callbacks
// touch goes away.
#pragma once

#include <sallyport/base/secret.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace sallyport::relay {

class PasswordChecker
{
public:
    explicit PasswordChecker(size_t limit = 64);
    ~PasswordChecker();
    PasswordChecker(const PasswordChecker&) = delete;
    PasswordChecker& operator=(const PasswordChecker&) = delete;

    struct Job
    {
        std::string policy; // whose turn it is
        std::string hash;
        Secret password;
        bool refuseAnyway =
            false; // the user is unknown: checked all the same, for the time it takes
        std::function<void(bool right)> done;
    };
    // False: too many wait.
    bool submit(Job job);
    // Ends the thread; what still waits is dropped without an answer.
    void stop();

    size_t waiting() const;

private:
    void run();

    const size_t m_limit;
    const size_t m_limitPerPolicy;
    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::map<std::string, std::deque<Job>> m_queues; // by policy; none is empty
    std::string m_last;                              // whose turn it was
    size_t m_waiting = 0;
    bool m_ending = false;
    std::thread m_thread; // from the first job on
};

} // namespace sallyport::relay
