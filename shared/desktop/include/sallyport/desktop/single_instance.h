// Lets the app run once for each user: a second start asks the first to show its window, and ends.
//
//     SingleInstance instance(SingleInstance::defaultFolder());
//     if (instance.claim() == SingleInstance::Claim::Other)
//         return 0; // the first was asked to raise its window
//     connect(&instance, &SingleInstance::raiseRequested, ...);
//
// Threads: that of the object, with an event loop. A lock file decides who is first, so that a
// socket which a crash left behind does no harm. Only this user can reach the socket; nothing but
// the wish to be shown travels on it.
#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <string>

namespace sallyport::desktop {

class SingleInstance : public QObject
{
    Q_OBJECT

public:
    enum class Claim : uint8_t {
        First,
        Other,   // runs already, and was asked to show itself
        Unknown, // neither can be told (no folder to write in): the app runs all the same
    };

    explicit SingleInstance(const std::string& folder, QObject* parent = nullptr);
    ~SingleInstance() override;

    // $XDG_RUNTIME_DIR/sallyport, or a folder of the user's own where there is none.
    static std::string defaultFolder();

    // Call once. Waits for the first one's answer, at most so long.
    Claim claim(std::chrono::milliseconds patience = std::chrono::seconds(2));

signals:
    void raiseRequested();

private:
    void listen();
    bool askTheFirst(std::chrono::milliseconds patience) const;
    void greet();

    QString m_socket;
    QString m_lockPath;
    std::unique_ptr<QLockFile> m_lock;
    QLocalServer m_server;
};

} // namespace sallyport::desktop
