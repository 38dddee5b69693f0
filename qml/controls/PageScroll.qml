import QtQuick
import Sallyport.Theme

// A page that scrolls when it is higher than the window; its one child gets the width.
ScrollArea {
    id: root

    default property alias content: inner.data
    property int maximumWidth: 860

    contentWidth: availableWidth
    contentHeight: inner.implicitHeight + 2 * Theme.spacingXl
    clip: true

    FillItem {
        id: inner

        x: root.mirrored ? root.availableWidth - width - Theme.spacingXl : Theme.spacingXl
        y: Theme.spacingXl
        width: Math.min(root.maximumWidth, root.availableWidth - 2 * Theme.spacingXl)
        height: implicitHeight
    }
}
