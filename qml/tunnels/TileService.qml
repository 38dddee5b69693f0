import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// The local service and who may visit it; what is wrong stands below.
ColumnLayout {
    id: root

    required property TileFacts tile
    readonly property bool refused: tile.tunnelState === TunnelCard.Refused
    readonly property color wrongInk: refused ? Theme.bad : Theme.warning

    spacing: 2

    RowLayout {
        spacing: 6

        Icon {
            Layout.preferredWidth: 14
            Layout.preferredHeight: 14
            name: "arrow-right"
            color: Theme.textMuted
            rotation: LayoutMirroring.enabled ? 180 : 0
        }
        MutedLabel {
            Layout.fillWidth: true
            text: root.tile.upstream
            elide: Text.ElideMiddle
        }
        Icon {
            Layout.preferredWidth: 14
            Layout.preferredHeight: 14
            visible: root.tile.access !== ""
            name: "lock"
            color: Theme.textMuted
        }
        MutedLabel {
            visible: root.tile.access !== ""
            text: root.tile.access
        }
    }
    RowLayout {
        visible: root.tile.problem !== ""
        spacing: 6

        Icon {
            Layout.preferredWidth: 14
            Layout.preferredHeight: 14
            Layout.alignment: Qt.AlignTop
            name: root.refused ? "error" : "warning"
            color: root.wrongInk
        }
        MutedLabel {
            Layout.fillWidth: true
            text: root.tile.problem
            color: root.wrongInk
            wrapMode: Text.Wrap
            maximumLineCount: 3
        }
    }
}
