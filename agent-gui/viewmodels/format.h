// Numbers and addresses as the pages show them, in the person's language.
#pragma once

#include <QString>

#include <cstdint>
#include <string>

namespace sallyport::gui {

QString bytesText(uint64_t bytes);    // "4.2 MB"
QString rateText(double perSecond);   // "0", "0.4", "12"
QString latencyText(double ms);       // "18 ms", "1.2 s"; nothing below 0
QString shortUrl(const QString& url); // without "https://"
QString fromUtf8(const std::string& text);

} // namespace sallyport::gui
