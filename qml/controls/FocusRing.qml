import QtQuick
import Sallyport.Theme

// Around what the keyboard is at. `shown` is the control's visualFocus.
Rectangle {
    id: root

    required property bool shown

    anchors.fill: parent
    anchors.margins: -3
    visible: shown
    color: "transparent"
    border.width: 2
    border.color: Theme.accent
    radius: Theme.radiusSmall + 3
}
