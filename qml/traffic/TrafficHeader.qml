import QtQuick
import Sallyport.Controls
import Sallyport.Theme

// The names of the table's columns.
Item {
    id: root

    required property Columns columns

    implicitHeight: 30
    Accessible.ignored: true

    Row {
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.spacingM + 2
        spacing: root.columns.gap

        MutedLabel {
            width: root.columns.time
            text: qsTr("Time")
        }
        MutedLabel {
            width: root.columns.method
            text: qsTr("Method")
        }
        MutedLabel {
            width: root.columns.status
            text: qsTr("Status")
        }
        MutedLabel {
            width: root.columns.path
            text: qsTr("Path")
        }
        MutedLabel {
            width: root.columns.tunnel
            visible: width > 0
            text: qsTr("Tunnel")
        }
        MutedLabel {
            width: root.columns.duration
            text: qsTr("Duration")
            horizontalAlignment: Text.AlignRight
        }
        MutedLabel {
            width: root.columns.size
            visible: width > 0
            text: qsTr("Size")
            horizontalAlignment: Text.AlignRight
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.border
    }
}
