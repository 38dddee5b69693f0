// What `sallyport doctor` found: rows by group, aligned, or as JSON.
#pragma once

#include <string>
#include <vector>

namespace sallyport::cli {

enum class Verdict { Ok, Warning, Failure };

struct Check
{
    std::string group; // "TLS"
    Verdict verdict = Verdict::Ok;
    std::string text; // never holds a secret
};

// "[ OK ]  TLS          TLSv1.3, the pinned key"; a group's name stands in its first row alone.
std::string checksAsText(const std::vector<Check>& checks);
std::string checksAsJson(const std::vector<Check>& checks);
bool anyFailed(const std::vector<Check>& checks);

} // namespace sallyport::cli
