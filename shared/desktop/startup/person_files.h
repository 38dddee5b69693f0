// What root keeps of the service of one person: the tokens that are handed to it, which root alone
// reads, and their marks, which the person alone reads.
//
//     FOLDER/users/ann/sallyport-tokens   0600 root
//     FOLDER/users/ann/handed             0600 ann
//
// The folders are root's; where one belongs to somebody else or others may write to it, nothing is
// put there. Threads: any, one at a time.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/desktop/person.h>

#include <string>

namespace sallyport::desktop {

class PersonFiles
{
public:
    // `folder`: /etc/sallyport.
    PersonFiles(std::string folder, const std::string& name);

    std::string tokens() const { return m_folder + "/sallyport-tokens"; }
    std::string marks() const { return m_folder + "/handed"; }

    Result<void, ServiceProblem> write(const Person& person, const Secret& tokens,
                                       const std::string& marks) const;
    // And the folders that are empty then. What is not there is fine.
    Result<void, ServiceProblem> remove() const;

private:
    std::string m_base;
    std::string m_users;
    std::string m_folder;
};

} // namespace sallyport::desktop
