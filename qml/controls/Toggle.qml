import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// On or off. `label` names it where it shows no text of its own.
T.Switch {
    id: root

    property string label: text

    function press() {
        root.toggle();
        root.toggled();
        root.clicked();
    }

    implicitWidth: implicitContentWidth
    implicitHeight: Math.max(24, contentItem.implicitHeight)
    padding: 0
    spacing: Theme.spacingS
    font.pixelSize: Theme.fontBody
    opacity: enabled ? 1 : 0.5
    Accessible.name: label
    Accessible.description: enabled ? "" : qsTr("Not available now")
    Accessible.onPressAction: if (enabled)
        press()
    Keys.onReturnPressed: press()
    Keys.onEnterPressed: press()

    indicator: Rectangle {
        x: root.mirrored ? root.width - width : 0
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        implicitWidth: 38
        implicitHeight: 22
        radius: 11
        color: root.checked ? Theme.accent : Theme.sunken
        border.color: root.checked ? Theme.accent : Theme.fieldBorder

        Rectangle {
            x: root.visualPosition * (parent.width - width - 6) + 3
            anchors.verticalCenter: parent.verticalCenter
            width: 16
            height: 16
            radius: 8
            color: root.checked ? Theme.accentText : Theme.textMuted

            Behavior on x {
                NumberAnimation {
                    duration: 90
                }
            }
        }
        FocusRing {
            radius: 14
            shown: root.visualFocus
        }
    }
    contentItem: TextLabel {
        readonly property real room: root.indicator.width + (root.text === "" ? 0 : root.spacing)

        leftPadding: root.mirrored ? 0 : room
        rightPadding: root.mirrored ? room : 0
        text: root.text
        verticalAlignment: Text.AlignVCenter
        wrapMode: Text.WordWrap
    }
}
