#include <sallyport/config/document.h>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>

namespace sallyport::config {

namespace {

struct Refusal
{
    int line;
    std::string key;
    std::string message;
};

// Thrown out of the parser's callbacks, which have no other way to stop it; never leaves this file.
struct Stop
{
    Refusal refusal;
};

// Builds the tree from the parser's events. The events rather than YAML::Node: only they tell of
// anchors, tags and every key's line.
class TreeBuilder : public YAML::EventHandler
{
public:
    explicit TreeBuilder(std::vector<Refusal>& refusals) : m_refusals(refusals) {}

    Node takeRoot() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        add(mark, "", anchor, Node::Kind::Null, "");
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override
    {
        throw Stop{{mark.line + 1, "", "aliases (*name) are not supported: write the value out"}};
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        // A plain `~` or `null` comes as OnNull; "!" is what the parser gives for quoted text.
        add(mark, tag, anchor, Node::Kind::Scalar, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override
    {
        open(mark, tag, anchor, Node::Kind::List, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override
    {
        open(mark, tag, anchor, Node::Kind::Map, style);
    }
    void OnMapEnd() override { close(); }

private:
    // A list or map that is still being read, and the key that waits for its value.
    struct Level
    {
        Node node;
        std::optional<std::string> key;
        int keyLine = 0;
    };

    void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor)
    {
        const int line = mark.line + 1;
        if (anchor != YAML::NullAnchor)
            throw Stop{{line, "", "anchors (&name) are not supported"}};
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Stop{{line, "", "tags (!name) are not supported"}};
        if (++m_nodes > document::MaxNodes)
            throw Stop{{line, "", "too many values"}};
    }

    void add(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind,
             std::string text)
    {
        check(mark, tag, anchor);
        if (expectsKey()) {
            takeKey(mark, kind, std::move(text));
            return;
        }
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        node.text = std::move(text);
        attach(std::move(node));
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              Node::Kind kind, YAML::EmitterStyle::value style)
    {
        check(mark, tag, anchor);
        if (expectsKey())
            throw Stop{{mark.line + 1, "", "a key must be plain text"}};
        if (m_levels.size() >= document::MaxDepth)
            throw Stop{{mark.line + 1, "", "nested too deeply"}};
        Level level;
        level.node.kind = kind;
        level.node.flow = style == YAML::EmitterStyle::Flow;
        level.node.line = mark.line + 1;
        level.node.column = mark.column + 1;
        m_levels.push_back(std::move(level));
    }

    void close()
    {
        Node node = std::move(m_levels.back().node);
        m_levels.pop_back();
        attach(std::move(node));
    }

    bool expectsKey() const
    {
        return !m_levels.empty() && m_levels.back().node.kind == Node::Kind::Map &&
               !m_levels.back().key;
    }

    void takeKey(const YAML::Mark& mark, Node::Kind kind, std::string text)
    {
        const int line = mark.line + 1;
        if (kind != Node::Kind::Scalar || text.empty())
            throw Stop{{line, "", "a key must be plain text"}};
        Level& level = m_levels.back();
        if (level.node.entries.size() == document::MaxKeys)
            throw Stop{{line, "", "too many keys in one map"}};
        for (const NodeEntry& entry : level.node.entries)
            if (entry.key == text)
                m_refusals.push_back({line, text,
                                      "is given twice (first in line " +
                                          std::to_string(entry.line) + "): remove one"});
        level.key = std::move(text);
        level.keyLine = line;
    }

    void attach(Node node)
    {
        if (m_levels.empty()) {
            m_root = std::move(node);
            return;
        }
        Level& level = m_levels.back();
        if (level.node.kind == Node::Kind::List) {
            level.node.items.push_back(std::move(node));
            return;
        }
        level.node.entries.push_back({std::move(*level.key), level.keyLine, std::move(node)});
        level.key.reset();
    }

    std::vector<Refusal>& m_refusals;
    std::vector<Level> m_levels;
    Node m_root;
    size_t m_nodes = 0;
};

std::optional<Refusal> build(std::string_view text, TreeBuilder& builder)
{
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder))
            return {};
        if (parser)
            return Refusal{0, "", "holds more than one document (---): keep one"};
    } catch (const Stop& stop) {
        return stop.refusal;
    } catch (const YAML::Exception& error) {
        return Refusal{error.mark.is_null() ? 0 : error.mark.line + 1, "",
                       "is not valid YAML: " + error.msg};
    } catch (const std::exception& error) {
        return Refusal{0, "", std::string("is not valid YAML: ") + error.what()};
    }
    return {};
}

} // namespace

const Node* Node::find(std::string_view key) const
{
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const NodeEntry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &found->value;
}

namespace document {

Result<Node, Problems> parse(std::string_view text, const std::string& name)
{
    std::vector<Refusal> refusals;
    TreeBuilder builder(refusals);
    if (auto refusal = build(text, builder))
        refusals.push_back(std::move(*refusal));
    if (!refusals.empty()) {
        Problems problems;
        for (const Refusal& refusal : refusals)
            problems.error({Place::Kind::File, name, refusal.line}, refusal.key, "",
                           refusal.message);
        return Failure(std::move(problems));
    }
    Node root = builder.takeRoot();
    if (root.kind == Node::Kind::Null)
        root.kind = Node::Kind::Map;
    return root;
}

} // namespace document

} // namespace sallyport::config
