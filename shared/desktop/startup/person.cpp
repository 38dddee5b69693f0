#include <sallyport/desktop/person.h>

#include <QByteArray>
#include <QString>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <vector>

namespace sallyport::desktop {

namespace {

using Code = ServiceProblem::Code;

constexpr size_t LongestName = 64;
constexpr size_t LongestPath = 4095;
constexpr int MostGroups = 1024;

std::optional<unsigned> userIn(const char* variable)
{
    if (!qEnvironmentVariableIsSet(variable))
        return std::nullopt;
    bool good = false;
    const unsigned user = qgetenv(variable).toUInt(&good);
    // What can't be read is nobody, rather than nobody's order.
    return good ? user : std::numeric_limits<unsigned>::max();
}

std::optional<Person> fromEntry(const struct passwd* entry)
{
    if (entry == nullptr)
        return std::nullopt;
    return Person{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir};
}

bool isAsciiLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

ServiceProblem refusal(std::string text)
{
    return {Code::Refused, std::move(text)};
}

// Before the fork: it asks the system's databases.
std::vector<gid_t> groupsOf(const Person& person)
{
    int count = MostGroups;
    std::vector<gid_t> groups(MostGroups);
    if (::getgrouplist(person.name.c_str(), person.gid, groups.data(), &count) < 0)
        return {person.gid};
    groups.resize(size_t(count));
    return groups;
}

// In the child: for good.
bool becomePerson(const Person& person, const std::vector<gid_t>& groups)
{
    if (::geteuid() != 0)
        return ::geteuid() == person.uid;
    return ::setgroups(groups.size(), groups.data()) == 0 && ::setgid(person.gid) == 0 &&
           ::setuid(person.uid) == 0 && ::geteuid() == person.uid && ::getuid() == person.uid;
}

bool isReadableFile(const char* path)
{
    // O_NONBLOCK: opening a FIFO would wait for a writer.
    const int file = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info = {};
    return file >= 0 && ::fstat(file, &info) == 0 && S_ISREG(info.st_mode);
}

bool canRead(const Person& person, const std::string& path)
{
    const std::vector<gid_t> groups = groupsOf(person);
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(becomePerson(person, groups) && isReadableFile(path.c_str()) ? 0 : 1);
    int status = 0;
    while (child > 0 && ::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool isPlainPath(const std::string& path)
{
    const bool controls = std::any_of(path.begin(), path.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    const QByteArray bytes = QByteArray::fromStdString(path);
    return path.starts_with('/') && path.size() <= LongestPath && !controls &&
           QString::fromUtf8(bytes).toUtf8() == bytes;
}

} // namespace

Caller Caller::ofThisProcess()
{
    return {userIn("PKEXEC_UID"), userIn("SUDO_UID")};
}

std::optional<Person> findPerson(const std::string& name)
{
    return fromEntry(::getpwnam(name.c_str()));
}

Person thisPerson()
{
    const auto known = fromEntry(::getpwuid(::geteuid()));
    return known ? *known : Person{{}, ::geteuid(), ::getegid(), {}};
}

bool isPlainName(const std::string& name)
{
    return !name.empty() && name.size() <= LongestName &&
           (isAsciiLetterOrDigit(name.front()) || name.front() == '_') &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return isAsciiLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
           });
}

Result<Person, ServiceProblem> personToServe(const std::string& name, const Caller& caller,
                                             const FindPerson& find)
{
    if (!isPlainName(name))
        return Failure(refusal("A service can't be installed for a user of such a name."));
    const std::optional<Person> person = find(name);
    if (!person || person->name != name)
        return Failure(refusal("There is no user " + name + " on this computer."));
    if (person->uid == 0)
        return Failure(refusal("For the administrator there is `sallyport service install "
                               "--system`, without --user."));
    for (const std::optional<unsigned>& user : {caller.pkexec, caller.sudo})
        if (user && *user != person->uid)
            return Failure(refusal("Only " + name +
                                   " may install or remove this service, or the "
                                   "administrator from a shell of their own."));
    return *person;
}

Result<void, ServiceProblem> checkConfigFile(const Person& person, const std::string& path)
{
    if (!isPlainPath(path))
        return Failure(refusal("The configuration's path can't be used: it must be absolute, at "
                               "most 4,095 bytes long, in UTF-8 and without control characters."));
    if (!canRead(person, path))
        return Failure(refusal(path + " is no file that " + person.name + " can read."));
    return {};
}

} // namespace sallyport::desktop
