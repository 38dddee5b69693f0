import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme

// A tunnel's card.
Card {
    id: root

    required property TileFacts tile
    property bool selected: false

    border.color: selected ? Theme.accent : Theme.border

    ColumnLayout {
        spacing: Theme.spacingXs

        TileHead {
            Layout.fillWidth: true
            tile: root.tile
        }
        TileAddress {
            Layout.fillWidth: true
            tile: root.tile
        }
        TileService {
            Layout.fillWidth: true
            tile: root.tile
        }
        Item {
            Layout.fillHeight: true
        }
        Sparkline {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: 34
            Layout.minimumHeight: 10 // where a problem needs the room
            Layout.maximumHeight: 34
            opacity: root.tile.paused ? 0.4 : 1
            values: root.tile.history
            color: Theme.accent
            baseColor: Theme.border
            Accessible.ignored: true
        }
        TileNumbers {
            Layout.fillWidth: true
            tile: root.tile
        }
    }
}
