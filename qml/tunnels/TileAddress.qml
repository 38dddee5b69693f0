import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// The public address, muted while it leads nowhere, or why there is none.
RowLayout {
    id: root

    required property TileFacts tile
    readonly property bool known: tile.url !== ""
    readonly property bool web: tile.url.startsWith("http")

    spacing: 0

    TextLabel {
        Layout.fillWidth: true
        Layout.preferredHeight: 30
        text: root.known ? root.tile.shortUrl : root.tile.paused ? qsTr("Not published while paused") : qsTr("No address yet")
        color: root.tile.live ? Theme.accent : Theme.textMuted
        elide: Text.ElideMiddle
        verticalAlignment: Text.AlignVCenter
    }
    CopyButton {
        activeFocusOnTab: root.tile.current
        visible: root.known
        value: root.tile.url
        text: qsTr("Copy the address")
        onCopyRequested: root.tile.copyRequested()
    }
    IconButton {
        activeFocusOnTab: root.tile.current
        visible: root.web && root.tile.live
        iconName: "open"
        text: qsTr("Open in the browser")
        onClicked: root.tile.openRequested()
    }
    IconButton {
        activeFocusOnTab: root.tile.current
        Layout.rightMargin: -6
        visible: root.known
        iconName: "qr"
        text: qsTr("Show as QR code")
        onClicked: root.tile.qrRequested()
    }
}
