#include "tip_finder.h"

#include <QMouseEvent>

#include <algorithm>

namespace sallyport::gui {

namespace {

QString tipOf(const QQuickItem& item)
{
    QString tip = item.property("tip").toString();
    if (tip.isEmpty() && item.property("truncated").toBool())
        tip = item.property("text").toString();
    return tip;
}

bool isInside(const QQuickItem& item, const QPointF& place)
{
    return item.contains(item.mapFromScene(place));
}

// Whether the search is over: `found` is the item with a tip, or what lies there hides all below.
bool search(QQuickItem& item, const QPointF& place, QQuickItem*& found)
{
    if (!item.isVisible() || item.opacity() <= 0)
        return false;
    const bool inside = isInside(item, place);
    if (item.clip() && !inside)
        return false;
    auto children = item.childItems();
    std::stable_sort(children.begin(), children.end(),
                     [](const auto* one, const auto* other) { return one->z() < other->z(); });
    for (auto child = children.rbegin(); child != children.rend(); ++child)
        if (search(**child, place, found))
            return true;
    if (!inside)
        return false;
    if (!tipOf(item).isEmpty())
        found = &item;
    return found != nullptr || item.acceptedMouseButtons() != Qt::NoButton;
}

} // namespace

TipFinder::TipFinder(QQuickItem* parent) : QQuickItem(parent)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(AfterMs);
    connect(&m_rest, &QTimer::timeout, this, &TipFinder::find);
}

void TipFinder::itemChange(ItemChange change, const ItemChangeData& data)
{
    if (change == ItemSceneChange)
        watch(data.window);
    QQuickItem::itemChange(change, data);
}

void TipFinder::watch(QQuickWindow* window)
{
    if (m_window) {
        m_window->removeEventFilter(this);
        m_window->disconnect(this);
    }
    m_window = window;
    if (!m_window)
        return;
    m_window->installEventFilter(this);
    connect(m_window, &QQuickWindow::activeFocusItemChanged, this, &TipFinder::focusMoved);
}

bool TipFinder::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::MouseMove:
        pointerMoved(static_cast<QMouseEvent*>(event)->scenePosition());
        break;
    case QEvent::MouseButtonPress:
    case QEvent::TouchBegin:
    case QEvent::Wheel:
    case QEvent::KeyPress:
    case QEvent::Leave:
    case QEvent::FocusOut:
    case QEvent::Hide:
        hide();
        break;
    default:
        break;
    }
    return QQuickItem::eventFilter(watched, event);
}

void TipFinder::pointerMoved(const QPointF& place)
{
    // Some systems say again and again where the pointer rests.
    if (place == m_pointer)
        return;
    m_pointer = place;
    if (m_target && !m_byKeyboard && isInside(*m_target, place))
        return;
    hide();
    m_byKeyboard = false;
    m_rest.start();
}

void TipFinder::focusMoved()
{
    hide();
    m_byKeyboard = true;
    m_rest.start();
}

void TipFinder::find()
{
    if (!m_window)
        return;
    QQuickItem* found = nullptr;
    if (!m_byKeyboard) {
        search(*m_window->contentItem(), m_pointer, found);
    } else {
        QQuickItem* focused = m_window->activeFocusItem();
        if (focused != nullptr && focused->property("visualFocus").toBool() &&
            !focused->property("tip").toString().isEmpty())
            found = focused;
    }
    if (found != nullptr)
        show(found);
}

void TipFinder::show(QQuickItem* target)
{
    m_target = target;
    m_text = tipOf(*target);
    connect(target, &QQuickItem::visibleChanged, this, &TipFinder::hide);
    connect(target, &QObject::destroyed, this, &TipFinder::hide);
    emit changed();
}

void TipFinder::hide()
{
    m_rest.stop();
    if (m_text.isEmpty())
        return;
    if (m_target)
        m_target->disconnect(this);
    m_target.clear();
    m_text.clear();
    emit changed();
}

} // namespace sallyport::gui
