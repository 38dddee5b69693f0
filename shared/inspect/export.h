// Records for other programs: cURL commands, HAR 1.2, .http files. Pure functions.
#pragma once

#include <sallyport/inspect/capture_settings.h>
#include <sallyport/inspect/traffic_source.h>

#include <string>
#include <vector>

namespace sallyport::inspect {

struct ExportItem
{
    Exchange exchange;
    std::string requestBody; // as kept
    std::string responseBody;
};

struct ExportOptions
{
    bool withSecrets = false;
    Redaction redaction;
    std::string version; // of the program, for HAR's creator
};

std::string exportAs(ExportFormat format, const std::vector<ExportItem>& items,
                     const ExportOptions& options);

// For a POSIX shell. A body that is no text comes out of printf's escapes.
std::string toCurl(const ExportItem& item, const ExportOptions& options);
std::string toHar(const std::vector<ExportItem>& items, const ExportOptions& options);
std::string toHttpFile(const ExportItem& item, const ExportOptions& options);

// A copy whose secrets are replaced by "***", unless options.withSecrets.
ExportItem shown(const ExportItem& item, const ExportOptions& options);
// "https://api.example.com/a?b"
std::string urlOf(const Exchange& exchange);

} // namespace sallyport::inspect
