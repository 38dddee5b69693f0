import QtQuick
import Sallyport.Theme

// A word in a small box: a kind, a rule.
Rectangle {
    id: root

    required property string text
    property color ink: Theme.textMuted

    implicitWidth: label.implicitWidth + 12
    implicitHeight: label.implicitHeight + 4
    color: Theme.sunken
    radius: Theme.radiusSmall

    MutedLabel {
        id: label

        anchors.centerIn: parent
        width: Math.min(implicitWidth, parent.width - 8)
        text: root.text
        color: root.ink
        font.pixelSize: Theme.fontSmall - 1
    }
}
