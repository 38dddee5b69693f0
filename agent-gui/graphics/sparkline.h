// The last minute as a row of bars, newest at the right. Rectangles of the scene graph, so it costs
// the same with the software renderer.
#pragma once

#include <QColor>
#include <QList>
#include <QQuickItem>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class Sparkline : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    // Not negative; the highest fills the height. At most 120 are drawn, the last ones.
    Q_PROPERTY(QList<qreal> values READ values WRITE setValues NOTIFY valuesChanged)
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged)
    // Of the line that is drawn where nothing passed.
    Q_PROPERTY(QColor baseColor READ baseColor WRITE setBaseColor NOTIFY colorChanged)

public:
    static constexpr qsizetype MaxValues = 120;

    explicit Sparkline(QQuickItem* parent = nullptr);

    QList<qreal> values() const { return m_values; }
    void setValues(const QList<qreal>& values);
    QColor color() const { return m_color; }
    void setColor(const QColor& color);
    QColor baseColor() const { return m_baseColor; }
    void setBaseColor(const QColor& color);

    // The bar's height for each value, for a space of that height.
    static QList<qreal> barHeights(const QList<qreal>& values, qreal height);

signals:
    void valuesChanged();
    void colorChanged();

protected:
    QSGNode* updatePaintNode(QSGNode* node, UpdatePaintNodeData* data) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;

private:
    QList<qreal> m_values;
    QColor m_color = Qt::blue;
    QColor m_baseColor = Qt::gray;
};

} // namespace sallyport::gui
