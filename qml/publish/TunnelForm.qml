import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// How a service is published: what, where, for whom.
Card {
    id: root

    required property TunnelEditor editor
    signal copyRequested(string text)

    ColumnLayout {
        spacing: Theme.spacingL

        Field {
            Layout.fillWidth: true
            label: qsTr("Service")
            placeholder: qsTr("3000 or 192.168.1.20:8080")
            hint: qsTr("A port of this computer, or host and port.")
            error: root.editor.upstreamError
            text: root.editor.upstream
            input.focus: true
            onEdited: text => root.editor.upstream = text
        }
        Labelled {
            Layout.fillWidth: true
            label: qsTr("Kind")

            TabStrip {
                names: [qsTr("Web"), "TLS", "TCP"] // relays refuse UDP as yet
                currentIndex: root.editor.kind
                onChosen: index => root.editor.kind = index
                Accessible.name: qsTr("Kind")
            }
        }
        AddressForm {
            Layout.fillWidth: true
            editor: root.editor
        }
        AccessForm {
            Layout.fillWidth: true
            editor: root.editor
        }
        AddressPreview {
            Layout.fillWidth: true
            editor: root.editor
            onCopyRequested: root.copyRequested(root.editor.previewUrl)
        }
        Notice {
            Layout.fillWidth: true
            visible: root.editor.error !== ""
            kind: Notice.Bad
            text: root.editor.error
        }
        // Why the button below can't be pressed yet.
        MutedLabel {
            Layout.fillWidth: true
            visible: text !== ""
            text: root.editor.begun || root.editor.editedRef !== "" ? root.editor.missing : ""
            wrapMode: Text.Wrap
        }
        PrimaryButton {
            Layout.fillWidth: true
            implicitHeight: Theme.controlHeight + 6
            iconName: root.editor.editedRef === "" ? "publish" : "check"
            text: root.editor.busy ? qsTr("Publishing…") : root.editor.editedRef === "" ? qsTr("Publish") : qsTr("Save")
            enabled: root.editor.complete && !root.editor.busy && root.editor.availability !== TunnelEditor.Taken
            onClicked: root.editor.publish()
        }
    }
}
