// A folder for one run of the program, mode 0700, removed at the end. It holds a lock while it is
// in use; by that the next start tells those that a killed program left behind.
#pragma once

#include <QLockFile>
#include <QTemporaryDir>

#include <memory>
#include <string>

namespace sallyport::inspect {

class TemporaryFolder
{
public:
    TemporaryFolder();

    bool isValid() const { return m_lock && m_lock->isLocked(); }
    std::string path() const { return m_folder.path().toStdString(); }

    // Of this user, below the system's place for temporary files.
    static void removeAbandoned();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QLockFile> m_lock; // given up before the folder goes
};

} // namespace sallyport::inspect
