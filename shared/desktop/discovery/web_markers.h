// Which web server or framework answered, by marks in its headers and in the beginning of its page.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::desktop {

// The parts of an HTTP/1 answer that a guess looks at. Views of the answer's bytes.
struct WebAnswer
{
    int status = 0; // 0: the bytes are no HTTP answer
    std::string_view head;
    std::string_view body;

    static WebAnswer parse(std::string_view answer);
    // The first field of that name, without blanks around it. Case does not matter.
    std::string_view field(std::string_view name) const;
};

// The page's title as plain text in one line, at most 120 bytes; empty: none.
std::string pageTitle(std::string_view body);

// "Vite", "Grafana", "nginx"; empty: none known.
std::string webProduct(const WebAnswer& answer, std::string_view process, std::string_view program);

} // namespace sallyport::desktop
