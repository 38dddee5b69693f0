#include <sallyport/config/log_config.h>

namespace sallyport::config {

void LogConfig::declare(Fields& fields)
{
    fields.section("Logs", "Lines on standard error.");
    fields.value("log.level", level,
                 oneOf<LogLevel>({{"debug", LogLevel::Debug},
                                  {"info", LogLevel::Info},
                                  {"warning", LogLevel::Warning},
                                  {"error", LogLevel::Error}}),
                 "The least important lines that are written.");
    fields.value("log.format", format,
                 oneOf<LogFormat>({{"text", LogFormat::Text}, {"json", LogFormat::Json}}),
                 "Lines for people or one JSON object on each line.");
}

} // namespace sallyport::config
