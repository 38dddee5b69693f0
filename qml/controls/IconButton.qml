import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A small button with an icon alone; `text` is what it is called for screen readers and its hint.
T.Button {
    id: root

    required property string iconName
    property color ink: Theme.textMuted
    readonly property string tip: text // for the window's TipFinder

    function press() {
        if (root.checkable) {
            root.toggle();
            root.toggled();
        }
        root.clicked();
    }

    implicitWidth: 30
    implicitHeight: 30
    padding: 6
    hoverEnabled: true
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    Accessible.focusable: true // also where Tab passes by
    Accessible.description: enabled ? "" : qsTr("Not available now")
    Accessible.onPressAction: if (enabled)
        press()
    Keys.onReturnPressed: press()
    Keys.onEnterPressed: press()

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
