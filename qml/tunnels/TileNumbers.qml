import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// How much passes.
RowLayout {
    id: root

    required property TileFacts tile

    spacing: Theme.spacingM

    MutedLabel {
        text: qsTr("%1 / s").arg(root.tile.rate)
        font.weight: Font.Medium
        color: Theme.text
        Accessible.name: qsTr("%1 requests a second").arg(root.tile.rate)
    }
    MutedLabel {
        visible: text !== ""
        text: root.tile.latency
        Accessible.name: qsTr("Latency %1").arg(text)
    }
    Item {
        Layout.fillWidth: true
    }
    MutedLabel {
        text: "↓ " + root.tile.bytesIn
        Accessible.name: qsTr("%1 received").arg(root.tile.bytesIn)
    }
    MutedLabel {
        text: "↑ " + root.tile.bytesOut
        Accessible.name: qsTr("%1 sent").arg(root.tile.bytesOut)
    }
}
