#include "pretty_json.h"

#include <vector>

namespace sallyport::inspect {

namespace {

constexpr size_t MaxDepth = 512;

class Printer
{
public:
    explicit Printer(std::string_view json) : m_json(json) {}

    PrettyJson print()
    {
        value();
        // The containers that are open; what comes next is said by m_expect.
        while (m_problem.empty() && !m_open.empty())
            step();
        if (m_problem.empty()) {
            skipBlanks();
            if (m_at < m_json.size())
                fail("something follows the value");
        }
        if (!m_problem.empty()) {
            m_out += '\n';
            m_out += m_json.substr(m_at);
        }
        return {std::move(m_out), std::move(m_problem)};
    }

private:
    struct Container
    {
        char end;
        bool empty = true;
    };

    void skipBlanks()
    {
        while (m_at < m_json.size() && (m_json[m_at] == ' ' || m_json[m_at] == '\t' ||
                                        m_json[m_at] == '\r' || m_json[m_at] == '\n'))
            ++m_at;
    }

    char peek()
    {
        skipBlanks();
        return m_at < m_json.size() ? m_json[m_at] : '\0';
    }

    void fail(const char* what)
    {
        if (!m_problem.empty())
            return;
        size_t line = 1, column = 1;
        for (size_t i = 0; i < m_at && i < m_json.size(); ++i) {
            ++column;
            if (m_json[i] == '\n') {
                ++line;
                column = 1;
            }
        }
        m_problem =
            "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what;
    }

    void newLine()
    {
        m_out += '\n';
        m_out.append(2 * m_open.size(), ' ');
    }

    // One member or element of the innermost container, or its end.
    void step()
    {
        Container& container = m_open.back();
        const char c = peek();
        if (c == container.end) {
            ++m_at;
            const bool empty = container.empty;
            m_open.pop_back();
            if (!empty)
                newLine();
            m_out += c;
            return;
        }
        if (!container.empty) {
            if (c != ',')
                return fail(container.end == '}' ? "a comma or \"}\" is missing"
                                                 : "a comma or \"]\" is missing");
            ++m_at;
            m_out += ',';
        }
        container.empty = false;
        newLine();
        if (container.end == '}') {
            if (peek() != '"')
                return fail("a name in quotes is missing");
            string();
            if (!m_problem.empty())
                return;
            if (peek() != ':')
                return fail("a colon is missing");
            ++m_at;
            m_out += ": ";
        }
        value();
    }

    void value()
    {
        const char c = peek();
        if (c == '{' || c == '[') {
            if (m_open.size() == MaxDepth)
                return fail("it is nested too deep");
            ++m_at;
            m_out += c;
            m_open.push_back({c == '{' ? '}' : ']'});
        } else if (c == '"') {
            string();
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            number();
        } else {
            word();
        }
    }

    void string()
    {
        const size_t start = m_at++;
        while (m_at < m_json.size() && m_json[m_at] != '"') {
            const auto c = static_cast<unsigned char>(m_json[m_at]);
            if (c < 0x20)
                return fail("a control character in a text must be escaped");
            if (c == '\\') {
                ++m_at;
                if (m_at < m_json.size() &&
                    std::string_view("\"\\/bfnrtu").find(m_json[m_at]) == std::string_view::npos)
                    return fail("there is no such escape");
            }
            ++m_at;
        }
        if (m_at >= m_json.size()) {
            m_at = m_json.size();
            return fail("a text has no end");
        }
        ++m_at;
        m_out += m_json.substr(start, m_at - start);
    }

    size_t digits()
    {
        const size_t start = m_at;
        while (m_at < m_json.size() && m_json[m_at] >= '0' && m_json[m_at] <= '9')
            ++m_at;
        return m_at - start;
    }

    void number()
    {
        const size_t start = m_at;
        m_at += m_json[m_at] == '-' ? 1 : 0;
        const bool zero = m_at < m_json.size() && m_json[m_at] == '0';
        const size_t whole = digits();
        if (whole == 0 || (zero && whole > 1))
            return fail("this is not a number of JSON");
        if (m_at < m_json.size() && m_json[m_at] == '.') {
            ++m_at;
            if (digits() == 0)
                return fail("digits are missing behind the point");
        }
        if (m_at < m_json.size() && (m_json[m_at] == 'e' || m_json[m_at] == 'E')) {
            ++m_at;
            if (m_at < m_json.size() && (m_json[m_at] == '+' || m_json[m_at] == '-'))
                ++m_at;
            if (digits() == 0)
                return fail("the exponent is missing");
        }
        m_out += m_json.substr(start, m_at - start);
    }

    void word()
    {
        for (const std::string_view known : {"true", "false", "null"}) {
            if (m_json.substr(m_at, known.size()) == known) {
                m_at += known.size();
                m_out += known;
                return;
            }
        }
        fail("a value is missing");
    }

    std::string_view m_json;
    size_t m_at = 0;
    std::vector<Container> m_open;
    std::string m_out;
    std::string m_problem;
};

} // namespace

PrettyJson prettyJson(std::string_view json)
{
    return Printer(json).print();
}

} // namespace sallyport::inspect
