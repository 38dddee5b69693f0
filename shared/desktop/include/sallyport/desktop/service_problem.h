// Why a service could not be installed, removed or looked at: a code, by which programs show it in
// their language, and a sentence in English with the details. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace sallyport::desktop {

struct ServiceProblem
{
    enum class Code : uint8_t {
        Failed,         // the text alone says it: a program's words, a file
        NoSystemd,      // this system starts services in another way
        ProgramMissing, // `sallyport`
        ProgramUnsafe,  // others than the administrator can change it
        ConfigMissing,
        DialogMissing,  // pkexec is not installed
        DialogNotShown, // nobody here shows password dialogs
        NotAuthorised,  // dismissed, wrong, or never allowed: nothing was changed
        Refused,        // root's side takes no such order
    };
    static constexpr Code LastCode = Code::Refused;

    Code code = Code::Failed;
    std::string text;

    ServiceProblem() = default;
    ServiceProblem(std::string sentence) : text(std::move(sentence)) {}
    ServiceProblem(Code what, std::string sentence) : code(what), text(std::move(sentence)) {}
    // For those who only tell it on.
    operator std::string() const { return text; }
};

} // namespace sallyport::desktop
