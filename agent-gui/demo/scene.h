// A state of the world for the demonstration, by name.
#pragma once

#include <QString>
#include <QStringList>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace sallyport::gui::demo {

struct Scene
{
    enum class Link { Connected, Connecting, Waiting, Refused };

    QString name;
    bool accounts = true;
    Link link = Link::Connected;
    size_t tunnels = 6;
    bool longNames = false;
    size_t history = 240;         // records that are there at the start
    double requestsPerSecond = 9; // 0: nothing moves
    // The time of records and of the log.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;

    static std::optional<Scene> named(const QString& name);
    static QStringList names();
};

} // namespace sallyport::gui::demo
