pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme

// The tunnels of the other configuration, each with a check mark.
ListView {
    id: root

    property bool busy: false
    signal toggled(row: int, chosen: bool)

    implicitHeight: Math.min(240, Math.max(contentHeight, empty.visible ? 40 : 0))
    clip: true
    spacing: Theme.spacingXs
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Tunnels to import")
    T.ScrollBar.vertical: SlimScrollBar {}

    delegate: ImportRow {
        width: ListView.view.width
        busy: root.busy
        onToggled: chosen => root.toggled(index, chosen)
    }

    TextLabel {
        id: empty

        anchors.centerIn: parent
        visible: root.count === 0
        text: qsTr("Nothing in this file can become a tunnel here.")
        color: Theme.textMuted
    }
}
