import QtQuick
import Sallyport.Graphics
import Sallyport.Theme

// A page that scrolls when it is higher than the window, by the keys too; its one child gets the
// width. What has the keyboard stays in sight.
ScrollArea {
    id: root

    default property alias content: inner.data
    property int maximumWidth: Theme.pageWidth

    focus: true
    contentWidth: availableWidth
    contentHeight: inner.implicitHeight + 2 * Theme.spacingXl
    clip: true
    Keys.onPressed: event => event.accepted = follower.scroll(event.key, event.modifiers)

    FillItem {
        id: inner

        x: root.mirrored ? root.availableWidth - width - Theme.spacingXl : Theme.spacingXl
        y: Theme.spacingXl
        width: Math.min(root.maximumWidth, root.availableWidth - 2 * Theme.spacingXl)
        height: implicitHeight
    }
    FocusFollower {
        id: follower

        view: root.contentItem
    }
}
