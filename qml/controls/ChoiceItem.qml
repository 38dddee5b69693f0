import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Graphics
import Sallyport.Theme

// A row of a list that opens.
ItemDelegate {
    id: root

    property bool chosen: false

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
