import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The tunnel's name, what it is, how it is, and what can be done with it.
RowLayout {
    id: root

    required property TileFacts tile

    function badge(state: int): int {
        switch (state) {
        case TunnelCard.Open:
            return StateBadge.Good;
        case TunnelCard.Pending:
            return StateBadge.Busy;
        case TunnelCard.Paused:
            return StateBadge.Paused;
        case TunnelCard.Refused:
            return StateBadge.Bad;
        }
        return StateBadge.Warning;
    }

    spacing: Theme.spacingS

    TextLabel {
        Layout.fillWidth: true
        Layout.maximumWidth: Math.ceil(implicitWidth) + 1
        text: root.tile.ref
        font.pixelSize: Theme.fontBody + 1
        font.weight: Font.DemiBold
    }
    Tag {
        text: root.tile.kind
    }
    Item {
        Layout.fillWidth: true
    }
    StateBadge {
        Layout.minimumWidth: implicitWidth
        kind: root.badge(root.tile.tunnelState)
        text: root.tile.stateText
    }
    IconButton {
        activeFocusOnTab: root.tile.current
        iconName: root.tile.paused ? "play" : "pause"
        text: root.tile.paused ? qsTr("Resume") : qsTr("Pause")
        onClicked: root.tile.pauseRequested(!root.tile.paused)
    }
    IconButton {
        id: more

        activeFocusOnTab: root.tile.current
        Layout.rightMargin: -6
        iconName: "more"
        text: qsTr("More")
        onClicked: menu.popup(more, 0, more.height)

        TileMenu {
            id: menu

            tile: root.tile
        }
    }
}
