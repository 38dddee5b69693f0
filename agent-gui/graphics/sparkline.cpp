#include "sparkline.h"

#include <QQuickWindow>
#include <QSGRectangleNode>

#include <algorithm>
#include <cmath>

namespace sallyport::gui {

Sparkline::Sparkline(QQuickItem* parent) : QQuickItem(parent)
{
    setFlag(ItemHasContents);
    setImplicitSize(180, 32);
}

void Sparkline::setValues(const QList<qreal>& values)
{
    const QList<qreal> last = values.last(std::min(values.size(), MaxValues));
    if (last == m_values)
        return;
    m_values = last;
    emit valuesChanged();
    update();
}

void Sparkline::setColor(const QColor& color)
{
    if (color == m_color)
        return;
    m_color = color;
    emit colorChanged();
    update();
}

void Sparkline::setBaseColor(const QColor& color)
{
    if (color == m_baseColor)
        return;
    m_baseColor = color;
    emit colorChanged();
    update();
}

QList<qreal> Sparkline::barHeights(const QList<qreal>& values, qreal height)
{
    qreal highest = 0;
    for (const qreal value : values)
        highest = std::max(highest, value);
    QList<qreal> heights;
    heights.reserve(values.size());
    for (const qreal value : values) {
        // What is there at all is seen: at least two pixels.
        const qreal share = highest > 0 ? value / highest : 0;
        heights.append(value > 0 ? std::max(2.0, std::round(share * height)) : 1.0);
    }
    return heights;
}

QSGNode* Sparkline::updatePaintNode(QSGNode* old, UpdatePaintNodeData*)
{
    QSGNode* root = old != nullptr ? old : new QSGNode;
    while (root->childCount() > int(m_values.size())) {
        QSGNode* bar = root->lastChild();
        root->removeChildNode(bar);
        delete bar;
    }
    while (root->childCount() < int(m_values.size()))
        root->appendChildNode(window()->createRectangleNode());
    if (m_values.isEmpty())
        return root;
    const qreal step = width() / qreal(m_values.size());
    const qreal gap = step >= 3 ? 1 : 0;
    const QList<qreal> heights = barHeights(m_values, height());
    QSGNode* child = root->firstChild();
    for (qsizetype i = 0; i < m_values.size(); ++i, child = child->nextSibling()) {
        auto* bar = static_cast<QSGRectangleNode*>(child);
        const qreal left = qreal(i) * step;
        bar->setRect(QRectF(left, height() - heights[i], std::max(1.0, step - gap), heights[i]));
        bar->setColor(m_values[i] > 0 ? m_color : m_baseColor);
    }
    return root;
}

void Sparkline::geometryChange(const QRectF& now, const QRectF& before)
{
    QQuickItem::geometryChange(now, before);
    update();
}

} // namespace sallyport::gui
