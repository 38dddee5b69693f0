import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A row of a list that opens.
T.ItemDelegate {
    id: root

    property bool chosen: false

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.rowHeight
    leftPadding: Theme.spacingS
    rightPadding: Theme.spacingS
    topPadding: 0
    bottomPadding: 0
    Accessible.name: text
    Accessible.onPressAction: clicked()

    background: Rectangle {
        color: root.highlighted || root.hovered ? Theme.accentSoft : "transparent"
        radius: Theme.radiusSmall
    }
    contentItem: TextLabel {
        text: root.text
        rightPadding: 20
        verticalAlignment: Text.AlignVCenter

        Icon {
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: 14
            height: 14
            visible: root.chosen
            name: "check"
            color: Theme.accent
        }
    }
}
