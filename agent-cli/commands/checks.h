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
    // For those who say it in another language: what it is, and what stands in its places. Stable;
    // empty where the text is all there is, such as the system's words.
    std::string code;
    std::vector<std::string> facts;
};

// With the English sentence of the code, its %1, %2 filled. The codes are those of checks.cpp.
Check makeCheck(std::string group, Verdict verdict, std::string code,
                std::vector<std::string> facts);

// "[ OK ]  TLS          TLSv1.3, the pinned key"; a group's name stands in its first row alone.
std::string checksAsText(const std::vector<Check>& checks);
std::string checksAsJson(const std::vector<Check>& checks);
bool anyFailed(const std::vector<Check>& checks);

} // namespace sallyport::cli
