// The live screen as lines of text: pure, so that a test can look at it.
//
// What comes from outside (paths, messages) is made harmless: everything but printable ASCII is
// shown as "?". No line is wider than `width` nor are there more than `height`.
#pragma once

#include "screen_model.h"

#include <string>
#include <vector>

namespace sallyport::cli {

struct Span
{
    std::string text;
    Tone tone = Tone::Plain;
    bool operator==(const Span&) const = default;
};
using ScreenLine = std::vector<Span>;

std::vector<ScreenLine> render(const ScreenModel& model, size_t width, size_t height);

// Without tones, for tests and comparison.
std::string plainText(const ScreenLine& line);
// With the terminal's colours, or without (NO_COLOR).
std::string ansiText(const ScreenLine& line, bool colours);

std::string byteText(uint64_t bytes); // "1.5 MiB"

} // namespace sallyport::cli
