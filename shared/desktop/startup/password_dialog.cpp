#include "startup/password_dialog.h"

#include <utility>

namespace sallyport::desktop {

namespace {

using Code = ServiceProblem::Code;

// The person reads the dialog and may have to look the password up.
constexpr std::chrono::minutes passwordPatience{5};
// See pkexec(1): 127 is also that nobody could ask.
constexpr int dismissed = 126;
constexpr int notAuthorised = 127;
constexpr int givenUp = -1;

bool saysThatNobodyAsks(const std::string& output)
{
    return output.find("No authentication agent") != std::string::npos ||
           output.find("textual authentication agent") != std::string::npos ||
           output.find("Error getting authority") != std::string::npos;
}

} // namespace

CommandRunner::Command asAdministrator(const std::string& program,
                                       std::vector<std::string> arguments, std::string input,
                                       bool terminal)
{
    arguments.insert(arguments.begin(), program);
    if (!terminal)
        arguments.insert(arguments.begin(), "--disable-internal-agent");
    return {"pkexec", std::move(arguments), std::move(input), passwordPatience};
}

Result<void, ServiceProblem> outcomeOfDialog(const CommandRunner::End& end)
{
    if (!end.started)
        return Failure(ServiceProblem(Code::DialogMissing,
                                      "The system's password dialog (pkexec) is not installed: "
                                      "install it, or do this as root."));
    if (end.exitCode == notAuthorised && saysThatNobodyAsks(end.output))
        return Failure(ServiceProblem(Code::DialogNotShown,
                                      "Nobody here shows the system's password dialog: start the "
                                      "desktop's polkit agent, or do this in a terminal or as "
                                      "root."));
    if (end.exitCode == dismissed || end.exitCode == notAuthorised || end.exitCode == givenUp)
        return Failure(
            ServiceProblem(Code::NotAuthorised,
                           "Nothing was changed: the administrator's password was not given."));
    return outcome(end, "Changing the service");
}

Result<void, ServiceProblem> outcome(const CommandRunner::End& end, const std::string& what)
{
    if (end.started && end.exitCode == 0)
        return {};
    if (!end.started)
        return Failure(what + " failed: the program was not found.");
    const std::string said = end.output.substr(0, end.output.find('\n'));
    return Failure(what + " failed" + (said.empty() ? "." : ": " + said));
}

} // namespace sallyport::desktop
