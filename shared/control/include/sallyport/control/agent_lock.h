// Sees to it that one identity (agentId()) is used by one process of this user: two agents with the
// same id would take each other's place at the relay for ever.
//
// Held by the process: it ends with it, however it ends.
#pragma once

#include <sallyport/base/result.h>

#include <memory>
#include <string>

namespace sallyport::control {

class AgentLock
{
public:
    struct Held
    {
        long pid = 0; // who has it; 0: unknown
    };

    // In the folder of the control sockets. Where there is no such folder nobody is kept out.
    static Result<std::unique_ptr<AgentLock>, Held> take(const std::string& agentId);
    ~AgentLock();
    AgentLock(const AgentLock&) = delete;
    AgentLock& operator=(const AgentLock&) = delete;

private:
    explicit AgentLock(int file) : m_file(file) {}
    int m_file;
};

} // namespace sallyport::control
