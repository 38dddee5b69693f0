// Says when one of a few files has changed: written in place, replaced by a rename, created,
// removed, or reached through a symbolic link that now points elsewhere (editors, Kubernetes).
//
// Threads: that of its event loop. changed() comes once for a burst of changes, after 150 ms of
// quiet, and only when the content's identity (target, size, time, inode) differs from what it was.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <string>
#include <vector>

namespace sallyport::config {

class FileWatcher : public QObject
{
    Q_OBJECT
public:
    static constexpr int QuietMilliseconds = 150;
    static constexpr int LongestWaitMilliseconds = 2000; // a file that never comes to rest

    explicit FileWatcher(QObject* parent = nullptr);

    // The files to watch from now on. They need not exist; their folders should.
    void watch(const std::vector<std::string>& files);

signals:
    void changed();

private:
    QString stateOf(const QString& file) const;
    QString state() const;
    void renewPaths();
    void noticed();
    void settled();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    QTimer m_longest;
    QStringList m_files;
    QString m_known;
};

} // namespace sallyport::config
