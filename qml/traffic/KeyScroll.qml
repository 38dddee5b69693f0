import QtQuick
import Sallyport.Controls
import Sallyport.Theme

// Arrow and page keys for what scrolls but has nothing to choose; `owner` has the keyboard and gives
// its keys to this by Keys.forwardTo. A ring shows where the keyboard is.
Item {
    id: root

    required property Flickable view
    required property Item owner

    function to(y: real) {
        const first = view.originY - view.topMargin;
        const last = view.originY + view.contentHeight + view.bottomMargin - view.height;
        view.contentY = Math.max(first, Math.min(last, y));
    }

    parent: owner
    anchors.fill: parent
    Keys.onUpPressed: root.to(view.contentY - Theme.rowHeight)
    Keys.onDownPressed: root.to(view.contentY + Theme.rowHeight)
    Keys.onPressed: event => {
        event.accepted = true;
        if (event.key === Qt.Key_PageUp)
            root.to(view.contentY - 0.9 * view.height);
        else if (event.key === Qt.Key_PageDown)
            root.to(view.contentY + 0.9 * view.height);
        else if (event.key === Qt.Key_Home)
            root.to(view.originY - view.topMargin);
        else if (event.key === Qt.Key_End)
            root.to(view.originY + view.contentHeight);
        else
            event.accepted = false;
    }

    FocusRing {
        anchors.margins: 0
        radius: Theme.radiusSmall
        shown: root.owner.activeFocus
    }
}
