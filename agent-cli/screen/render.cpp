#include "render.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sallyport::cli {

namespace {

constexpr size_t LabelWidth = 14;

std::string harmless(const std::string& text)
{
    std::string result = text;
    for (char& c : result)
        if (c < 0x20 || c > 0x7e)
            c = '?';
    return result;
}

std::string padded(std::string text, size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

// Cuts a line at the screen's edge and marks the cut.
ScreenLine fit(ScreenLine line, size_t width)
{
    size_t used = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        line[i].text = harmless(line[i].text);
        if (used + line[i].text.size() <= width) {
            used += line[i].text.size();
            continue;
        }
        line[i].text.resize(width - used);
        if (!line[i].text.empty())
            line[i].text.back() = '>';
        line.resize(i + 1);
        break;
    }
    return line;
}

ScreenLine labelled(const std::string& label, const std::string& text, Tone tone = Tone::Plain)
{
    return {{padded(label, LabelWidth), Tone::Dim}, {text, tone}};
}

ScreenLine header(const ScreenModel& model, size_t width)
{
    const std::string name = "Sallyport " + model.version;
    const std::string hint = "(Ctrl+C to quit)";
    if (name.size() + hint.size() + 2 > width)
        return {{name, Tone::Strong}};
    return {{padded(name, width - hint.size()), Tone::Strong}, {hint, Tone::Dim}};
}

void addForwardings(const ScreenModel& model, std::vector<ScreenLine>& lines, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < model.forwardings.size(); ++i) {
        const ScreenModel::Forwarding& one = model.forwardings[i];
        const size_t needed = one.problem.empty() ? 1 : 2;
        const size_t left = model.forwardings.size() - i;
        if (used + needed > room || (left > 1 && used + needed == room)) {
            lines.push_back(labelled("", "... and " + std::to_string(left) + " more", Tone::Dim));
            return;
        }
        used += needed;
        lines.push_back(labelled(i == 0 ? "Forwarding" : "", one.from, one.tone));
        if (!one.to.empty())
            lines.back().push_back({" -> " + one.to, Tone::Plain});
        if (!one.problem.empty())
            lines.push_back(labelled("", one.problem, Tone::Bad));
    }
}

Tone toneOf(unsigned status)
{
    if (status == 0)
        return Tone::Dim;
    return status >= 500 ? Tone::Bad : status >= 400 ? Tone::Warning : Tone::Good;
}

ScreenLine requestLine(const ScreenModel::Request& request, size_t width)
{
    constexpr size_t MethodWidth = 8;
    constexpr size_t TailWidth = 14; // status and duration
    const std::string status = request.status == 0 ? "..." : std::to_string(request.status);
    const size_t head = request.time.size() + 2 + MethodWidth;
    const size_t room = width > head + TailWidth ? width - head - TailWidth : 0;
    std::string path = harmless(request.path);
    if (path.size() > room && room > 0) {
        path.resize(room);
        path.back() = '>';
    }
    return {{request.time + "  ", Tone::Dim},
            {padded(request.method.substr(0, MethodWidth - 1), MethodWidth), Tone::Plain},
            {padded(path, room), Tone::Plain},
            {" " + padded(status, 4), toneOf(request.status)},
            {request.duration, Tone::Dim}};
}

} // namespace

std::vector<ScreenLine> render(const ScreenModel& model, size_t width, size_t height)
{
    std::vector<ScreenLine> lines;
    lines.push_back(header(model, width));
    lines.push_back({});
    lines.push_back(labelled("State", model.state, model.stateTone));
    lines.push_back(labelled("Relay", model.relay));
    if (!model.latency.empty())
        lines.push_back(labelled("Latency", model.latency));
    if (!model.message.empty())
        lines.push_back(labelled("Notice", model.message, Tone::Warning));
    // The counters and a few requests should stay in sight however many tunnels there are.
    const size_t reserved = lines.size() + (model.showRequests ? 6 : 2);
    addForwardings(model, lines, height > reserved + 1 ? height - reserved : 1);
    lines.push_back({});
    lines.push_back(labelled("Connections", std::to_string(model.open) + " open, " +
                                                std::to_string(model.total) + " in all; in " +
                                                byteText(model.bytesIn) + ", out " +
                                                byteText(model.bytesOut)));
    if (model.showRequests) {
        lines.push_back({});
        lines.push_back({{"Requests", Tone::Dim}});
        for (const ScreenModel::Request& request : model.requests)
            lines.push_back(requestLine(request, width));
    }
    if (lines.size() > height)
        lines.resize(height);
    for (ScreenLine& line : lines)
        line = fit(std::move(line), width);
    return lines;
}

std::string plainText(const ScreenLine& line)
{
    std::string text;
    for (const Span& span : line)
        text += span.text;
    return text;
}

std::string ansiText(const ScreenLine& line, bool colours)
{
    if (!colours)
        return plainText(line);
    std::string text;
    for (const Span& span : line) {
        const char* code = "";
        switch (span.tone) {
        case Tone::Plain:
            break;
        case Tone::Dim:
            code = "\x1b[2m";
            break;
        case Tone::Good:
            code = "\x1b[32m";
            break;
        case Tone::Warning:
            code = "\x1b[33m";
            break;
        case Tone::Bad:
            code = "\x1b[31m";
            break;
        case Tone::Strong:
            code = "\x1b[1m";
            break;
        }
        text += code + span.text + (*code ? "\x1b[0m" : "");
    }
    return text;
}

std::string byteText(uint64_t bytes)
{
    constexpr std::array Units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    size_t unit = 0;
    while (value >= 1024 && unit + 1 < Units.size()) {
        value /= 1024;
        ++unit;
    }
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, Units[unit]);
    return text.data();
}

} // namespace sallyport::cli
