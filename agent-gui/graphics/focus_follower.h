// Keeps what has the keyboard in sight: scrolls a Flickable to the window's focused item when that
// lies in it, and by Page Up, Page Down, Home and End.
//
// An item that took the focus by the mouse is left where it is, so that it does not move away below
// the pointer. Nothing is done while the view has no size yet.
//
// Threads: the GUI's.
#pragma once

#include <QPointer>
#include <QQuickItem>
#include <QQuickWindow>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class FocusFollower : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QQuickItem* view READ view WRITE setView NOTIFY viewChanged REQUIRED) // a Flickable
    // What stays visible around the focused item, such as the label above a field.
    Q_PROPERTY(qreal margin MEMBER m_margin)

public:
    explicit FocusFollower(QQuickItem* parent = nullptr);

    QQuickItem* view() const { return m_view; }
    void setView(QQuickItem* view);

    // Whether the key was one that scrolls.
    Q_INVOKABLE bool scroll(int key, int modifiers);

signals:
    void viewChanged();

protected:
    void itemChange(ItemChange change, const ItemChangeData& data) override;

private:
    void follow();
    void moveTo(qreal y);
    qreal number(const char* property) const;

    QPointer<QQuickItem> m_view;
    QMetaObject::Connection m_focus;
    qreal m_margin = 40;
};

} // namespace sallyport::gui
