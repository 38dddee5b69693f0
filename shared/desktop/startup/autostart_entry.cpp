#include "startup/autostart_entry.h"

namespace sallyport::desktop {

namespace {

// Within quotes the specification wants a backslash before ", `, $ and \, and the value of a key
// doubles each backslash once more; % is doubled, since it begins a field code.
std::string quoted(const std::string& argument)
{
    std::string text = "\"";
    for (const char c : argument) {
        if (c == '"' || c == '`' || c == '$')
            text += "\\\\";
        else if (c == '\\')
            text += "\\\\\\";
        else if (c == '%')
            text += '%';
        text += c;
    }
    return text + "\"";
}

std::string execLine(const Autostart::Program& program)
{
    std::string line = "Exec=" + quoted(program.path);
    for (const std::string& argument : program.arguments)
        line += " " + quoted(argument);
    return line;
}

bool hasLine(std::string_view text, std::string_view line)
{
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one == line)
            return true;
    }
    return false;
}

std::string escapedXml(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

} // namespace

std::string autostartEntry(const Autostart::Program& program)
{
    return "[Desktop Entry]\n"
           "Type=Application\n"
           "Name=Sallyport\n"
           "Icon=sallyport\n" +
           execLine(program) +
           "\n"
           "Terminal=false\n"
           "X-GNOME-Autostart-enabled=true\n";
}

bool startsProgram(std::string_view entry, const Autostart::Program& program)
{
    return hasLine(entry, execLine(program)) && !hasLine(entry, "Hidden=true") &&
           !hasLine(entry, "X-GNOME-Autostart-enabled=false");
}

std::string launchAgent(const Autostart::Program& program)
{
    std::string arguments = "        <string>" + escapedXml(program.path) + "</string>\n";
    for (const std::string& argument : program.arguments)
        arguments += "        <string>" + escapedXml(argument) + "</string>\n";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           "<plist version=\"1.0\">\n"
           "<dict>\n"
           "    <key>Label</key>\n"
           "    <string>net.sallyport.Sallyport</string>\n"
           "    <key>ProgramArguments</key>\n"
           "    <array>\n" +
           arguments +
           "    </array>\n"
           "    <key>RunAtLoad</key>\n"
           "    <true/>\n"
           "</dict>\n"
           "</plist>\n";
}

} // namespace sallyport::desktop
