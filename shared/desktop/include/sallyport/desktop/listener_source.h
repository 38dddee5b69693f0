// Asks the system which TCP sockets listen, and whose they are. One implementation for each system;
// where there is none yet, scan() fails with a sentence that says so.
//
// Threads: any one at a time. It may block for as long as its limits say.
#pragma once

#include <sallyport/base/result.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::desktop {

struct Listener
{
    uint16_t port = 0;
    std::string host; // as of ListeningService
    bool exposed = false;
    uint64_t inode = 0; // 0: not known
    int64_t pid = 0;
    std::string process;
    std::string program; // a known one that the process runs: "vite", "manage.py"; often empty
    std::string icon;

    bool operator==(const Listener&) const = default;
};

struct Scan
{
    std::vector<Listener> listeners; // sorted by port and host
    bool cutShort = false;           // a limit was reached
};
using ScanResult = Result<Scan, std::string>;

struct ScanLimits
{
    size_t sockets = 2000;
    std::chrono::milliseconds time{400};
};

class ListenerSource
{
public:
    virtual ~ListenerSource() = default;
    virtual ScanResult scan() = 0;
};

// That of this system.
std::unique_ptr<ListenerSource> makeListenerSource(ScanLimits limits = {});

} // namespace sallyport::desktop
