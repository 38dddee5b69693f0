// Sees to it that one identity (agentId()) is used by one process of this user: two agents with the
// same id would take each other's place at the relay for ever.
//
// Held by the process: it ends with it, however it ends.
#pragma once

#include <sallyport/base/result.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::control {

class AgentLock
{
public:
    struct Held
    {
        long pid = 0; // who has it; 0: unknown
    };

    // In each folder of control sockets that is there, so that an agent which started before the
    // login and one of the login keep each other out. Where there is none nobody is kept out.
    static Result<std::unique_ptr<AgentLock>, Held> take(const std::string& agentId,
                                                         const std::string& run = "/run");
    ~AgentLock();
    AgentLock(const AgentLock&) = delete;
    AgentLock& operator=(const AgentLock&) = delete;

private:
    AgentLock() = default;
    std::vector<int> m_files;
};

} // namespace sallyport::control
