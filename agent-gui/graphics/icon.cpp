#include "icon.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace sallyport::gui {

namespace {

constexpr int Size = 20;

} // namespace

Icon::Icon(QQuickItem* parent) : QQuickPaintedItem(parent)
{
    setImplicitSize(Size, Size);
    setAntialiasing(true);
}

void Icon::setName(const QString& name)
{
    if (name == m_name)
        return;
    m_name = name;
    emit nameChanged();
    update();
}

void Icon::setColor(const QColor& color)
{
    if (color == m_color)
        return;
    m_color = color;
    emit colorChanged();
    update();
}

void Icon::paint(QPainter* painter)
{
    QFile file(":/icons/" + m_name + ".svg");
    if (m_name.isEmpty() || !file.open(QIODevice::ReadOnly))
        return;
    // The files are drawn in black, which stands for the colour that is wanted.
    QByteArray drawing = file.readAll();
    drawing.replace("#000000", m_color.name().toLatin1());
    QSvgRenderer renderer(drawing);
    painter->setOpacity(m_color.alphaF());
    renderer.render(painter, QRectF(0, 0, width(), height()));
}

} // namespace sallyport::gui
