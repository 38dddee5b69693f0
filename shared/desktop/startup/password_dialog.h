// How a command is run with the administrator's rights after the system's own password dialog
// (pkexec), and what its end means. Pure.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/desktop/command_runner.h>
#include <sallyport/desktop/service_problem.h>

#include <string>
#include <vector>

namespace sallyport::desktop {

// With `terminal` the password may be asked for there too; without, a program that was started from
// a terminal which nobody looks at would wait there.
CommandRunner::Command asAdministrator(const std::string& program,
                                       std::vector<std::string> arguments, std::string input,
                                       bool terminal);
Result<void, ServiceProblem> outcomeOfDialog(const CommandRunner::End& end);

// Of any other command; `what` begins the sentence.
Result<void, ServiceProblem> outcome(const CommandRunner::End& end, const std::string& what);

} // namespace sallyport::desktop
