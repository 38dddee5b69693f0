// Whom a service of one person is for, and whether root's side of the program may act for them.
//
// Root trusts nothing that it is told: the name must be an ordinary one, exist, and be that of the
// user who ran pkexec or sudo, who therefore gets no more than they have. Threads: any, one at a
// time.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/desktop/service_problem.h>

#include <functional>
#include <optional>
#include <string>

namespace sallyport::desktop {

struct Person
{
    std::string name; // of the login
    unsigned uid = 0;
    unsigned gid = 0;
    std::string home;
};

// Who gave this process root's rights: what pkexec and sudo note in its environment.
struct Caller
{
    std::optional<unsigned> pkexec;
    std::optional<unsigned> sudo;
    static Caller ofThisProcess();
};

using FindPerson = std::function<std::optional<Person>(const std::string& name)>;
std::optional<Person> findPerson(const std::string& name);
// Who runs this process; an empty name: the system does not know.
Person thisPerson();

// Whether it can stand in a file's name and in a unit: letters, digits, and . _ - after the first
// one; at most 64.
bool isPlainName(const std::string& name);

// Refused: another one's, root's, or no such person's.
Result<Person, ServiceProblem> personToServe(const std::string& name, const Caller& caller,
                                             const FindPerson& find = findPerson);

// Refused: a path that is not absolute, is longer than 4,095 bytes, has control characters or is
// no UTF-8 (it goes into a unit), or at which this person can read no file. It is opened with the
// person's rights alone, in a process of its own.
Result<void, ServiceProblem> checkConfigFile(const Person& person, const std::string& path);

} // namespace sallyport::desktop
