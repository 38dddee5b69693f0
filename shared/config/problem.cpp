#include <sallyport/config/problem.h>

#include <utility>

namespace sallyport::config {

namespace {

// A value may come from anywhere; it must not move the cursor of the terminal that shows the
// message.
std::string shownValue(const std::string& value)
{
    constexpr size_t longest = 80;
    std::string shown = value.substr(0, longest);
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    if (value.size() > longest)
        shown += "...";
    return shown;
}

} // namespace

std::string Place::text() const
{
    if (line > 0)
        return name + ":" + std::to_string(line);
    return name;
}

std::string Problem::text() const
{
    std::string line = place.text();
    if (!line.empty())
        line += ": ";
    if (!key.empty())
        line += shownValue(key);
    if (!value.empty())
        line += std::string(key.empty() ? "" : " ") + "\"" + shownValue(value) + "\"";
    if (!key.empty() || !value.empty())
        line += ": ";
    return line + message;
}

void Problems::add(Problem problem)
{
    if (problem.severity == Problem::Severity::Error)
        ++m_errors;
    if (m_list.size() < Limit)
        m_list.push_back(std::move(problem));
    else
        ++m_leftOut;
}

void Problems::error(Place place, std::string key, std::string value, std::string message)
{
    add({Problem::Severity::Error, std::move(place), std::move(key), std::move(value),
         std::move(message)});
}

void Problems::warning(Place place, std::string key, std::string value, std::string message)
{
    add({Problem::Severity::Warning, std::move(place), std::move(key), std::move(value),
         std::move(message)});
}

std::string Problems::text() const
{
    std::string lines;
    for (const Problem& problem : m_list)
        lines += problem.text() + "\n";
    if (m_leftOut > 0)
        lines += "... and " + std::to_string(m_leftOut) + " more\n";
    return lines;
}

} // namespace sallyport::config
