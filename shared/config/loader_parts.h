// What both halves of the loader use.
#pragma once

#include <sallyport/config/document.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::config {

inline constexpr std::string_view variablePrefix = "SALLYPORT_";

// "~/x" below the home folder; other paths as they are.
std::string withHome(const std::string& path);

// The item of that path, or nullptr.
template <typename Item>
const Item* findPath(const std::vector<Item>& items, const std::string& path)
{
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.path == path; });
    return found == items.end() ? nullptr : &*found;
}

inline Node scalar(std::string text, int line)
{
    Node node;
    node.kind = Node::Kind::Scalar;
    node.text = std::move(text);
    node.line = line;
    return node;
}

} // namespace sallyport::config
