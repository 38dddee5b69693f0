import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme

// The tunnels of the other configuration, each with a check mark.
ListView {
    id: root

    signal toggled(row: int, chosen: bool)

    implicitHeight: Math.min(220, Math.max(contentHeight, empty.visible ? 40 : 0))
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Tunnels to import")
    T.ScrollBar.vertical: SlimScrollBar {}

    delegate: RowLayout {
        id: row

        required property int index
        required property string ref
        required property string summary
        required property string address
        required property bool chosen

        width: ListView.view.width
        height: Theme.rowHeight + 4
        spacing: Theme.spacingM

        Toggle {
            label: row.ref
            checked: row.chosen
            onToggled: (row.ListView.view as ImportList).toggled(row.index, checked)
        }
        TextLabel {
            Layout.preferredWidth: 170
            text: row.ref
            font.weight: Font.DemiBold
        }
        TextLabel {
            Layout.fillWidth: true
            text: row.summary
        }
        MutedLabel {
            Layout.maximumWidth: 200
            Layout.rightMargin: Theme.spacingM
            text: row.address
            elide: Text.ElideMiddle
        }
    }

    TextLabel {
        id: empty

        anchors.centerIn: parent
        visible: root.count === 0
        text: qsTr("Nothing in this file can become a tunnel here.")
        color: Theme.textMuted
    }
}
