import QtQuick
import QtQuick.Templates as T

// A view of something larger, with bars at its sides.
T.ScrollView {
    id: root

    implicitWidth: contentWidth + leftPadding + rightPadding
    implicitHeight: contentHeight + topPadding + bottomPadding

    T.ScrollBar.vertical: SlimScrollBar {
        parent: root
        x: root.mirrored ? 0 : root.width - width
        y: root.topPadding
        height: root.availableHeight
        active: root.T.ScrollBar.horizontal.active
    }
    T.ScrollBar.horizontal: SlimScrollBar {
        parent: root
        x: root.leftPadding
        y: root.height - height
        width: root.availableWidth
        active: root.T.ScrollBar.vertical.active
    }
}
