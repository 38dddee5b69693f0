// A YAML text as a tree that knows its lines.
//
// Stricter than YAML: one document, no anchors, aliases or tags, no duplicate keys, keys are plain
// text, and the tree is bounded. So a file means what it seems to mean, and cannot expand.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

struct NodeEntry;

struct Node
{
    enum class Kind { Null, Scalar, List, Map };

    Kind kind = Kind::Null;
    bool flow = false;              // List, Map: written as [...] or {...}
    int line = 0;                   // 1-based
    int column = 0;                 // 1-based
    std::string text;               // Scalar
    std::vector<Node> items;        // List
    std::vector<NodeEntry> entries; // Map, in the order of the file

    // The value of a map's key, or nullptr.
    const Node* find(std::string_view key) const;
};

struct NodeEntry
{
    std::string key;
    int line = 0;
    Node value;
};

namespace document {

constexpr size_t MaxDepth = 16;
constexpr size_t MaxNodes = 200'000;
constexpr size_t MaxKeys = 2'000; // of one map

// `name` is the file's name in the messages. An empty text is an empty map.
Result<Node, Problems> parse(std::string_view text, const std::string& name);

} // namespace document

} // namespace sallyport::config
