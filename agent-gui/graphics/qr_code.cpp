#include "qr_code.h"

#include <QPainter>
#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace sallyport::gui {

namespace {

constexpr int QuietZone = 4; // modules, as ISO 18004 asks

} // namespace

QrCode::QrCode(QQuickItem* parent) : QQuickPaintedItem(parent)
{
    setImplicitSize(240, 240);
}

void QrCode::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_modules = modules(text);
    emit textChanged();
    update();
}

QImage QrCode::modules(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    if (bytes.isEmpty() || bytes.size() > MaxText)
        return {};
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(bytes.constData(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code)
        return {};
    QImage image(code->width, code->width, QImage::Format_Grayscale8);
    for (int y = 0; y < code->width; ++y)
        for (int x = 0; x < code->width; ++x)
            image.scanLine(y)[x] = (code->data[y * code->width + x] & 1) != 0 ? 0 : 255;
    return image;
}

void QrCode::paint(QPainter* painter)
{
    painter->fillRect(QRectF(0, 0, width(), height()), Qt::white);
    if (!isValid())
        return;
    const int across = m_modules.width() + 2 * QuietZone;
    // Whole pixels for each module, so that none is blurred.
    const qreal module = std::max(1.0, std::floor(std::min(width(), height()) / across));
    const qreal size = module * m_modules.width();
    painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter->drawImage(
        QRectF(std::floor((width() - size) / 2), std::floor((height() - size) / 2), size, size),
        m_modules);
}

} // namespace sallyport::gui
