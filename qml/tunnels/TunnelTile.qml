import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// A tunnel's card.
Card {
    id: root

    required property string ref
    required property string kind
    required property string url
    required property string shortUrl
    required property string upstream
    required property string access
    required property int tunnelState
    required property string stateText
    required property string problem
    required property string bytesIn
    required property string bytesOut
    required property string rate
    required property string latency
    required property list<real> history
    property bool selected: false
    readonly property bool paused: tunnelState === TunnelCard.Paused
    signal copyRequested
    signal openRequested
    signal qrRequested
    signal pauseRequested(bool paused)
    signal editRequested
    signal duplicateRequested
    signal removeRequested
    signal trafficRequested

    border.color: selected ? Theme.accent : Theme.border
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2").arg(ref).arg(stateText)

    ColumnLayout {
        spacing: Theme.spacingXs

        TileHead {
            Layout.fillWidth: true
            tile: root
        }
        TileAddress {
            Layout.fillWidth: true
            tile: root
        }
        TileService {
            Layout.fillWidth: true
            tile: root
        }
        Item {
            Layout.fillHeight: true
        }
        Sparkline {
            Layout.fillWidth: true
            Layout.preferredHeight: 34
            opacity: root.paused ? 0.4 : 1
            values: root.history
            color: Theme.accent
            baseColor: Theme.border
            Accessible.ignored: true
        }
        TileNumbers {
            Layout.fillWidth: true
            tile: root
        }
    }
}
