#include "focus_follower.h"

#include <algorithm>

namespace sallyport::gui {

FocusFollower::FocusFollower(QQuickItem* parent) : QQuickItem(parent) {}

void FocusFollower::setView(QQuickItem* view)
{
    if (view == m_view)
        return;
    m_view = view;
    emit viewChanged();
}

void FocusFollower::itemChange(ItemChange change, const ItemChangeData& data)
{
    if (change == ItemSceneChange) {
        disconnect(m_focus);
        if (data.window != nullptr)
            m_focus = connect(data.window, &QQuickWindow::activeFocusItemChanged, this,
                              &FocusFollower::follow);
    }
    QQuickItem::itemChange(change, data);
}

qreal FocusFollower::number(const char* property) const
{
    return m_view->property(property).toReal();
}

void FocusFollower::moveTo(qreal y)
{
    const qreal top = number("originY");
    const qreal bottom = top + std::max(0.0, number("contentHeight") - m_view->height());
    m_view->setProperty("contentY", std::clamp(y, top, bottom));
}

void FocusFollower::follow()
{
    auto* content = m_view ? m_view->property("contentItem").value<QQuickItem*>() : nullptr;
    auto* item = window() != nullptr ? window()->activeFocusItem() : nullptr;
    if (content == nullptr || item == nullptr || !content->isAncestorOf(item))
        return;
    if (item->property("focusReason").toInt() == Qt::MouseFocusReason || m_view->height() <= 0)
        return;
    const QRectF place = item->mapRectToItem(content, QRectF(0, 0, item->width(), item->height()));
    // What is higher than the view is shown from its top.
    const qreal highest = place.top() - m_margin;
    const qreal lowest = std::min(place.bottom() + m_margin - m_view->height(), highest);
    const qreal now = number("contentY");
    if (now > highest || place.height() + 2 * m_margin > m_view->height())
        moveTo(highest);
    else if (now < lowest)
        moveTo(lowest);
}

bool FocusFollower::scroll(int key, int modifiers)
{
    if (!m_view || (modifiers & ~Qt::KeypadModifier) != 0)
        return false;
    const qreal page = std::max(0.0, m_view->height() - m_margin);
    switch (key) {
    case Qt::Key_PageUp:
        moveTo(number("contentY") - page);
        return true;
    case Qt::Key_PageDown:
        moveTo(number("contentY") + page);
        return true;
    case Qt::Key_Home:
        moveTo(number("originY"));
        return true;
    case Qt::Key_End:
        moveTo(number("originY") + number("contentHeight"));
        return true;
    default:
        return false;
    }
}

} // namespace sallyport::gui
