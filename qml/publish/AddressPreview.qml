import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The address as visitors will type it, and whether it is free; it can be copied already.
Rectangle {
    id: root

    required property TunnelEditor editor
    readonly property bool known: editor.previewUrl !== ""
    readonly property list<int> kinds: [StateBadge.Off, StateBadge.Busy, StateBadge.Good, StateBadge.Bad, StateBadge.Good]
    readonly property list<string> texts: [qsTr("Not checked"), qsTr("Checking"), qsTr("Free"), qsTr("Not free"), qsTr("Yours")]
    readonly property string nothing: editor.availability === TunnelEditor.Checking ? qsTr("The relay is asked") : editor.complete ? qsTr("The relay tells it when it is published") : qsTr("Not known yet")
    signal copyRequested

    implicitHeight: column.implicitHeight + 2 * Theme.spacingM
    color: Theme.sunken
    radius: Theme.radius

    ColumnLayout {
        id: column

        anchors.fill: parent
        anchors.margins: Theme.spacingM
        spacing: Theme.spacingXs

        RowLayout {
            spacing: Theme.spacingS

            MutedLabel {
                Layout.fillWidth: true
                text: qsTr("Public address")
            }
            StateBadge {
                visible: root.known || root.editor.availability !== TunnelEditor.Unknown || root.editor.complete
                kind: root.kinds[root.editor.availability]
                text: root.texts[root.editor.availability]
            }
        }
        RowLayout {
            spacing: 0

            TextLabel {
                Layout.fillWidth: true
                Layout.preferredHeight: 30
                verticalAlignment: Text.AlignVCenter
                text: root.known ? root.editor.previewUrl : root.nothing
                color: root.known ? Theme.text : Theme.textMuted
                elide: Text.ElideMiddle
            }
            CopyButton {
                visible: root.known
                value: root.editor.previewUrl
                text: qsTr("Copy the address")
                onCopyRequested: root.copyRequested()
            }
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: text !== ""
            text: root.editor.availabilityText
            color: root.editor.availability === TunnelEditor.Taken ? Theme.bad : Theme.warning
            wrapMode: Text.Wrap
        }
    }
}
