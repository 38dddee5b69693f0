// The words that chosen names are made of. Private to this library.
//
// The lists never change: a word that moves would rename every tunnel whose owner did not ask for a
// name.
#pragma once

#include <array>
#include <string_view>

namespace sallyport::wire {

extern const std::array<std::string_view, 128> Adjectives;
extern const std::array<std::string_view, 128> Nouns;

} // namespace sallyport::wire
