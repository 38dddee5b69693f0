// What to say where the pointer rests, or where the keyboard is: the `tip` of an item that has such
// a property, or all the text of a label that is cut short. There is one for a window, so that
// neither buttons nor labels carry anything for it.
//
// A tip goes when the pointer leaves its item, at any press, key or turn of the wheel, and with its
// item. Put it anywhere in the window.
//
// Threads: the GUI's.
#pragma once

#include <QPointer>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

namespace sallyport::gui {

class TipFinder : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QString text READ text NOTIFY changed) // empty: there is nothing to say
    Q_PROPERTY(QQuickItem* target READ target NOTIFY changed)

public:
    static constexpr int AfterMs = 600;

    explicit TipFinder(QQuickItem* parent = nullptr);

    QString text() const { return m_text; }
    QQuickItem* target() const { return m_target; }

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void changed();

protected:
    void itemChange(ItemChange change, const ItemChangeData& data) override;

private:
    void watch(QQuickWindow* window);
    void pointerMoved(const QPointF& place);
    void focusMoved();
    void find();
    void show(QQuickItem* target);
    void hide();

    QPointer<QQuickWindow> m_window;
    QPointer<QQuickItem> m_target;
    QString m_text;
    QTimer m_rest;
    QPointF m_pointer;
    bool m_byKeyboard = false;
};

} // namespace sallyport::gui
