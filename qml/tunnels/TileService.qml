import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// The local service and who may visit it; when something is wrong, that instead.
RowLayout {
    id: root

    required property TileFacts tile
    readonly property bool wrong: tile.problem !== ""
    readonly property color wrongInk: tile.tunnelState === TunnelCard.Refused ? Theme.bad : Theme.warning

    spacing: 6

    Icon {
        Layout.preferredWidth: 14
        Layout.preferredHeight: 14
        Layout.alignment: root.wrong ? Qt.AlignTop : Qt.AlignVCenter
        name: !root.wrong ? "arrow-right" : root.tile.tunnelState === TunnelCard.Refused ? "error" : "warning"
        color: root.wrong ? root.wrongInk : Theme.textMuted
        rotation: !root.wrong && LayoutMirroring.enabled ? 180 : 0
    }
    MutedLabel {
        Layout.fillWidth: true
        text: root.wrong ? root.tile.problem : root.tile.upstream
        color: root.wrong ? root.wrongInk : Theme.textMuted
        elide: root.wrong ? Text.ElideRight : Text.ElideMiddle
        wrapMode: root.wrong ? Text.Wrap : Text.NoWrap
        maximumLineCount: 3
    }
    Icon {
        Layout.preferredWidth: 14
        Layout.preferredHeight: 14
        visible: !root.wrong && root.tile.access !== ""
        name: "lock"
        color: Theme.textMuted
    }
    MutedLabel {
        visible: !root.wrong && root.tile.access !== ""
        text: root.tile.access
    }
}
