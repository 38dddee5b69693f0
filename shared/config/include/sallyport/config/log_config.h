// The log section, the same for both programs.
#pragma once

#include <sallyport/config/fields.h>

namespace sallyport::config {

enum class LogLevel { Debug, Info, Warning, Error };
enum class LogFormat { Text, Json };

struct LogConfig
{
    LogLevel level = LogLevel::Info;
    LogFormat format = LogFormat::Text;

    void declare(Fields& fields);
    bool operator==(const LogConfig&) const = default;
};

} // namespace sallyport::config
