#include "options.h"

#include <QCommandLineParser>

#include <cstdio>
#include <cstdlib>

namespace sallyport::gui::demo {

namespace {

[[noreturn]] void refuse(const QString& why)
{
    std::fprintf(stderr, "sallyport-gui-demo: %s\n", qPrintable(why));
    std::exit(2);
}

QSize sizeFrom(const QString& text)
{
    const QStringList parts = text.split('x');
    const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
    if (size.width() < 320 || size.height() < 240 || size.width() > 8'192 || size.height() > 8'192)
        refuse("--size " + text + ": write it as 1080x720, from 320x240 to 8192x8192");
    return size;
}

} // namespace

Options Options::fromArguments(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        "The window of Sallyport on an agent that only plays its part.");
    parser.addHelpOption();
    parser.addOptions({
        {"scene", "One of: " + Scene::names().join(", ") + ".", "name", "lively"},
        {"theme", "light or dark; else the system's.", "name"},
        {"page", "The page to begin with.", "name"},
        {"argument", "What on that page: a tunnel, a request.", "text"},
        {"language", "The language of the texts.", "code", "en"},
        {"size", "Of the window.", "WxH", "1080x720"},
        {"rate", "Requests a second, instead of the scene's.", "number"},
        {"grab", "Write a picture of the window and end.", "file"},
        {"settle", "Milliseconds to wait before that.", "ms", "1500"},
        {"still", "The clock stands: each run makes the same picture."},
        {"tray", "With the icon in the panel, its menu and notifications."},
        {"mirrored", "Lay the window out for writing from right to left."},
        {"do",
         "\"press NAME\", \"type FIELD=TEXT\", \"focus NAME\" or \"import FILE\" in the window; "
         "can be given more than once.",
         "step"},
    });
    parser.process(arguments);
    Options options;
    const auto scene = Scene::named(parser.value("scene"));
    if (!scene)
        refuse("--scene " + parser.value("scene") + ": write one of " + Scene::names().join(", "));
    options.scene = *scene;
    if (parser.isSet("rate"))
        options.scene.requestsPerSecond = parser.value("rate").toDouble();
    options.theme = parser.value("theme");
    options.page = parser.value("page");
    options.argument = parser.value("argument");
    options.language = parser.value("language");
    options.size = sizeFrom(parser.value("size"));
    options.grab = parser.value("grab");
    options.still = parser.isSet("still");
    options.tray = parser.isSet("tray");
    options.mirrored = parser.isSet("mirrored");
    options.steps = parser.values("do");
    options.settleMs = parser.value("settle").toInt();
    return options;
}

} // namespace sallyport::gui::demo
