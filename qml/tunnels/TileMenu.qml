import QtQuick
import Sallyport.Controls

// What else can be done with a tunnel.
PopupMenu {
    id: root

    required property TileFacts tile

    PopupMenuItem {
        text: qsTr("Edit…")
        iconName: "edit"
        onTriggered: root.tile.editRequested()
    }
    PopupMenuItem {
        text: qsTr("Duplicate…")
        iconName: "duplicate"
        onTriggered: root.tile.duplicateRequested()
    }
    PopupMenuItem {
        text: qsTr("Show traffic")
        iconName: "traffic"
        onTriggered: root.tile.trafficRequested()
    }
    PopupMenuItem {
        text: qsTr("Remove…")
        iconName: "remove"
        danger: true
        onTriggered: root.tile.removeRequested()
    }
}
