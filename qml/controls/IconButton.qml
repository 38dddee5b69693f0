import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A small button with an icon alone; `text` is what it is called for screen readers and its hint.
T.Button {
    id: root

    required property string iconName
    property color ink: Theme.textMuted

    implicitWidth: 30
    implicitHeight: 30
    padding: 6
    hoverEnabled: true
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    Accessible.description: enabled ? "" : qsTr("Not available now")
    Accessible.onPressAction: {
        if (!enabled)
            return;
        if (checkable)
            toggle();
        clicked();
    }
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    T.ToolTip.visible: (hovered || visualFocus) && text !== ""
    T.ToolTip.delay: 600
    T.ToolTip.text: text

    background: Rectangle {
        color: root.hovered || root.down ? Theme.hover : "transparent"
        radius: Theme.radiusSmall

        FocusRing {
            anchors.margins: -1
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            width: 18
            height: 18
            name: root.iconName
            color: root.hovered ? Theme.text : root.ink
        }
    }
}
