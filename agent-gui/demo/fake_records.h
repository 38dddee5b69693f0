// Requests as a small shop's site would get them. The same ones in the same order each time.
#pragma once

#include <sallyport/inspect/record.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace sallyport::gui::demo {

class FakeRecords
{
public:
    struct Tunnel
    {
        std::string ref;
        std::string host;
        std::string upstream;
        bool http = true;
    };

    explicit FakeRecords(std::vector<Tunnel> tunnels);

    bool empty() const { return m_tunnels.empty(); }
    // The next one, ended or not; its id is 0.
    inspect::Record next(std::chrono::system_clock::time_point begun);
    // What else is known of it: headers, messages, bodies' sizes.
    static inspect::Exchange exchangeOf(const inspect::Record& record);
    static std::string bodyOf(const inspect::Record& record, inspect::Side side);

private:
    void answer(inspect::Record& record);
    unsigned number(unsigned below);

    std::vector<Tunnel> m_tunnels;
    std::mt19937 m_random{20};
};

} // namespace sallyport::gui::demo
