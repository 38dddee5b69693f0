// What is wrong with a configuration, told so that a person can mend it: the place, the key, the
// value and the way out.
//
//     relay.yaml:14: tunnels.web.hostname "a_b": underscore is not allowed in a host name
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sallyport::config {

// Where a value came from.
struct Place
{
    enum class Kind { Default, File, DotEnv, Environment, Flag };

    Kind kind = Kind::Default;
    std::string name; // the file, the variable, or the flag as it was typed
    int line = 0;     // 1-based; 0 when the place has no lines

    // "relay.yaml:14", "SALLYPORT_DOMAIN", "--domain"; empty for a default.
    std::string text() const;
};

struct Problem
{
    enum class Severity { Error, Warning };

    Severity severity = Severity::Error;
    Place place;
    std::string key;   // "limits.head"; empty when the problem is the file's
    std::string value; // as written; empty when there is none to show, always for secrets
    std::string message;

    // One line, without "error:" or "warning:". Values are cut at 80 bytes and control characters
    // shown as "?".
    std::string text() const;
};

// All that was found, not only the first. Bounded: a file of nonsense does not fill a screen.
class Problems
{
public:
    static constexpr size_t Limit = 50;

    void add(Problem problem);
    void error(Place place, std::string key, std::string value, std::string message);
    void warning(Place place, std::string key, std::string value, std::string message);

    bool hasErrors() const { return m_errors > 0; }
    bool empty() const { return m_list.empty(); }
    const std::vector<Problem>& list() const { return m_list; }
    // How many were found after Limit was reached.
    size_t leftOut() const { return m_leftOut; }
    // One line for each, and a last one for those left out.
    std::string text() const;

private:
    std::vector<Problem> m_list;
    size_t m_errors = 0;
    size_t m_leftOut = 0;
};

} // namespace sallyport::config
