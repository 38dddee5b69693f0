import QtQuick
import Sallyport.Controls
import Sallyport.Theme

// One request in the table.
Rectangle {
    id: root

    required property Columns columns
    required property double selectedId
    required property bool keyboard // the table has the keyboard

    required property double recordId
    required property string time
    required property string method
    required property int status
    required property string path
    required property string tunnel
    required property string duration
    required property string size
    required property bool failed
    required property bool pending
    required property bool isReplay
    required property string outcome

    signal chosen

    readonly property bool selected: recordId === selectedId

    implicitHeight: Theme.rowHeight - 2
    color: selected ? Theme.accentSoft : "transparent"
    border.color: selected && keyboard ? Theme.accent : "transparent"
    border.width: selected && keyboard ? 1 : 0
    radius: Theme.radiusSmall
    Accessible.role: Accessible.ListItem
    Accessible.name: method + " " + path + ", " + (status > 0 ? status : outcome) + ", " + duration
    Accessible.selected: selected
    Accessible.onPressAction: root.chosen()

    Row {
        anchors.verticalCenter: parent.verticalCenter
        x: Theme.spacingM
        spacing: root.columns.gap

        MutedLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.time
            text: root.time
            font.family: Theme.monospace
        }
        TextLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.method
            text: root.method
            font.pixelSize: Theme.fontSmall
            font.weight: Font.DemiBold
        }
        TextLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.status
            // A failure shows by its shape as well as by its colour; the digits stand below each other.
            text: root.status > 0 ? root.status + (root.status >= 500 ? " ✕" : root.status >= 400 ? " !" : "") : root.failed ? "✕" : root.pending ? "…" : "–"
            color: Theme.statusInk(root.status, root.failed)
            font.pixelSize: Theme.fontSmall
            font.weight: Font.DemiBold
        }
        TextLabel {
            id: pathLabel

            width: root.columns.path
            text: (root.isReplay ? "↻ " : "") + root.path
            font.pixelSize: Theme.fontSmall + 1
            elide: Text.ElideMiddle
        }
        MutedLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.tunnel
            visible: width > 0
            text: root.tunnel
        }
        MutedLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.duration
            text: root.pending ? qsTr("running") : root.duration
            horizontalAlignment: Text.AlignRight
        }
        MutedLabel {
            anchors.baseline: pathLabel.baseline
            width: root.columns.size
            visible: width > 0
            text: root.size
            horizontalAlignment: Text.AlignRight
        }
    }
}
