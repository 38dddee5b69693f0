#include "name_words.h"

namespace sallyport::wire {

// clang-format off
const std::array<std::string_view, 128> Adjectives = {
    "able", "agile", "airy", "ample", "apt", "azure", "bold", "brave", "breezy", "brisk", "broad",
    "bronze", "busy", "calm", "candid", "cheerful", "chief", "civil", "clean", "clear", "coastal",
    "cool", "copper", "coral", "cosmic", "cozy", "curious", "daring", "dapper", "deep", "deft",
    "eager", "earnest", "easy", "elegant", "epic", "even", "fair", "fast", "fine", "firm",
    "fleet", "fluent", "fond", "friendly", "frosty", "gentle", "giant", "glad", "grand", "great",
    "green", "handy", "happy", "hardy", "humble", "ideal", "jolly", "jovial", "keen", "kind",
    "leafy", "light", "likely", "lively", "logical", "loyal", "lucky", "lunar", "magic", "major",
    "mellow", "merry", "mild", "misty", "modern", "modest", "neat", "new", "noble", "noted",
    "open", "patient", "plain", "prime", "proud", "pure", "quick", "quiet", "rapid", "regal",
    "robust", "rosy", "round", "royal", "rustic", "serene", "sharp", "shiny", "silent", "silver",
    "simple", "smart", "smooth", "snowy", "solar", "solid", "sonic", "spry", "stable", "steady",
    "stellar", "sterling", "stout", "subtle", "sunny", "sure", "sweet", "swift", "tough", "true",
    "upbeat", "vast", "vivid", "warm", "wise", "witty", "zesty"};

const std::array<std::string_view, 128> Nouns = {
    "acorn", "anchor", "antler", "arbor", "arrow", "aspen", "atlas", "badger", "banjo", "basil",
    "bay", "beacon", "bear", "birch", "bison", "bluff", "boat", "bridge", "cabin", "canoe",
    "canyon", "castle", "cedar", "cliff", "cloud", "clover", "comet", "compass", "cove", "crane",
    "creek", "crow", "cypress", "dawn", "deer", "delta", "dolphin", "dove", "eagle", "echo",
    "elk", "ember", "falcon", "fern", "fjord", "flute", "forest", "fox", "garden", "gate",
    "geyser", "glacier", "glade", "grove", "harbor", "hare", "hawk", "hazel", "heron", "holly",
    "island", "ivy", "jade", "jay", "kestrel", "kite", "lagoon", "lake", "lantern", "laurel",
    "lemon", "lily", "linden", "lion", "lynx", "maple", "marble", "marsh", "meadow", "meteor",
    "mint", "moon", "moose", "moss", "oak", "oasis", "ocean", "olive", "opal", "orbit", "osprey",
    "otter", "owl", "palm", "panda", "pearl", "pebble", "pepper", "pine", "planet", "pond",
    "poplar", "prairie", "puffin", "quail", "rain", "raven", "reef", "ridge", "river", "rocket",
    "rose", "sail", "sparrow", "spruce", "stone", "stream", "summit", "swan", "thistle", "trail",
    "tulip", "valley", "violet", "walnut", "willow", "wolf", "wren"};
// clang-format on

} // namespace sallyport::wire
