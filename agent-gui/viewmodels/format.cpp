#include "format.h"

#include "traffic_text.h"

#include <QLocale>

namespace sallyport::gui {

QString bytesText(uint64_t bytes)
{
    return TrafficText::bytes(bytes);
}

QString rateText(double perSecond)
{
    if (perSecond <= 0)
        return QStringLiteral("0");
    return QLocale().toString(perSecond, 'f', perSecond < 10 ? 1 : 0);
}

QString latencyText(double ms)
{
    if (ms < 0)
        return {};
    if (ms < 1'000)
        return QLocale().toString(ms, 'f', ms < 10 ? 1 : 0) + " ms";
    return QLocale().toString(ms / 1'000, 'f', 1) + " s";
}

QString shortUrl(const QString& url)
{
    const qsizetype scheme = url.indexOf("://");
    const bool web = url.startsWith("https://") || url.startsWith("http://");
    return web ? url.mid(scheme + 3) : url;
}

QString fromUtf8(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace sallyport::gui
