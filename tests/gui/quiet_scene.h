// A demonstration in which nothing happens by itself.
#pragma once

#include "scene.h"

#include <cstddef>

namespace sallyport::gui::test {

inline demo::Scene quiet(size_t history)
{
    demo::Scene scene = *demo::Scene::named("lively");
    scene.history = history;
    scene.requestsPerSecond = 0;
    return scene;
}

} // namespace sallyport::gui::test
