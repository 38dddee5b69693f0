#include "startup/person_files.h"

#include <sallyport/config/files.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sallyport::desktop {

namespace {

Result<void, ServiceProblem> makeOwnFolder(const std::string& path, unsigned mode)
{
    const bool made = ::mkdir(path.c_str(), mode) == 0;
    if (made)
        (void)::chmod(path.c_str(), mode); // whatever the umask is
    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
        return Failure("The folder " + path +
                       " could not be made: see whether something else "
                       "has its name, and whether its disk is full or read-only.");
    if (info.st_uid != ::geteuid() || (info.st_mode & 022) != 0)
        return Failure("The folder " + path +
                       " can be changed by others than the administrator: nothing secret is put "
                       "there.");
    return {};
}

Result<void, ServiceProblem> writeFile(const std::string& path, const std::string& text,
                                       unsigned mode)
{
    if (const auto written = config::writeFileAtomically(path, text, mode); !written)
        return Failure(path + " " + config::toText(written.error()) + ".");
    return {};
}

} // namespace

PersonFiles::PersonFiles(std::string folder, const std::string& name)
    : m_base(std::move(folder)), m_users(m_base + "/users"), m_folder(m_users + "/" + name)
{}

Result<void, ServiceProblem> PersonFiles::write(const Person& person, const Secret& secrets,
                                                const std::string& marksText) const
{
    for (const std::string& folder : {m_base, m_users, m_folder})
        if (auto made = makeOwnFolder(folder, 0755); !made)
            return made;
    if (auto written = writeFile(tokens(), secrets.reveal(), 0600); !written)
        return written;
    if (auto written = writeFile(marks(), marksText, 0600); !written)
        return written;
    if (::lchown(marks().c_str(), person.uid, person.gid) != 0)
        return Failure(marks() + " could not be given to " + person.name + ".");
    return {};
}

Result<void, ServiceProblem> PersonFiles::remove() const
{
    for (const std::string& file : {tokens(), marks()})
        if (::unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
            return Failure(file + " could not be removed: check the permissions of its folder.");
    for (const std::string& folder : {m_folder, m_users, m_base})
        if (::rmdir(folder.c_str()) != 0)
            break; // not empty, or gone
    return {};
}

} // namespace sallyport::desktop
