// Asks services of this computer what they are: connects, sends GET / and reads the beginning of
// the answer, over TLS where the service speaks that. Follows at most two redirects of the same
// service.
//
// Threads: that of the object. Limits: 4 services at once, 64 KiB and 1.5 s for each; further ones
// wait, at most 2,000. Nothing but loopback and this computer's own addresses is given to it.
#pragma once

#include <sallyport/desktop/listening_service.h>

#include <QObject>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace sallyport::desktop {

class ProbeConnection;

class ServiceProbe : public QObject
{
    Q_OBJECT

public:
    struct Options
    {
        size_t atOnce = 4;
        size_t waiting = 2000;
        size_t answerBytes = 64 * 1024;
        std::chrono::milliseconds timeout{1500};
    };
    struct Target
    {
        std::string host;
        uint16_t port = 0;
        int64_t pid = 0;
        std::string process;
        std::string program;

        bool operator==(const Target&) const = default;
    };

    explicit ServiceProbe(Options options, QObject* parent = nullptr);

    // False when too many wait already. One that is waiting or being asked is not asked twice.
    bool ask(const Target& target);
    // How many are being asked right now.
    size_t asking() const { return m_active.size(); }

signals:
    void answered(const sallyport::desktop::ServiceProbe::Target& target,
                  const sallyport::desktop::ServiceGuess& guess);

private:
    void startNext();
    void finished(ProbeConnection* connection);

    Options m_options;
    std::deque<Target> m_waiting;
    std::deque<ProbeConnection*> m_active; // children
};

} // namespace sallyport::desktop
