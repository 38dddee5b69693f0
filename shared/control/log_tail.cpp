#include "log_tail.h"

#include <QPointer>

#include <array>
#include <memory>
#include <utility>

namespace sallyport::control {

namespace {

class TailSink final : public observe::Sink
{
public:
    TailSink(QObject* home, std::function<void(LogLine)> take)
        : m_home(home), m_take(std::move(take))
    {}

    // "2026-01-31T12:00:00.123Z info  link up rtt=12.3ms\n"
    void write(std::string_view line) override
    {
        LogLine made;
        made.time = std::chrono::system_clock::now();
        while (line.ends_with('\n'))
            line.remove_suffix(1);
        line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
        const std::string_view level = line.substr(0, line.find(' '));
        made.warning = level == "warn" || level == "warning" || level == "error";
        line.remove_prefix(std::min(level.size(), line.size()));
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        made.text = std::string(line);
        // Later, also on its own thread: whoever hears of a line may write another.
        QMetaObject::invokeMethod(
            m_home, [take = m_take, made = std::move(made)] { take(made); }, Qt::QueuedConnection);
    }

private:
    QPointer<QObject> m_home;
    std::function<void(LogLine)> m_take;
};

} // namespace

observe::Log logTail(QObject* home, std::function<void(LogLine)> take)
{
    return observe::Log(std::make_shared<TailSink>(home, std::move(take)), observe::Format::Text,
                        observe::Level::Info);
}

} // namespace sallyport::control
