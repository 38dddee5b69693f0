import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Where visitors come to: a name below the relay's domain, a host name of one's own, a port, or
// whatever the relay chooses.
ColumnLayout {
    id: root

    required property TunnelEditor editor
    readonly property bool byName: editor.named && editor.addressMode === TunnelEditor.OwnName
    readonly property bool byHostname: editor.named && editor.addressMode === TunnelEditor.OwnHostname
    readonly property bool byPort: !editor.named && editor.addressMode === TunnelEditor.OwnPort

    spacing: Theme.spacingS

    Labelled {
        Layout.fillWidth: true
        label: qsTr("Address")

        TabStrip {
            visible: root.editor.named
            names: [qsTr("Any"), qsTr("Name"), qsTr("Own host name")]
            currentIndex: root.editor.addressMode
            onChosen: index => root.editor.addressMode = index
            Accessible.name: qsTr("Address")
        }
        TabStrip {
            visible: !root.editor.named
            names: [qsTr("Any port"), qsTr("Own port")]
            currentIndex: root.byPort ? 1 : 0
            onChosen: index => root.editor.addressMode = index === 1 ? TunnelEditor.OwnPort : TunnelEditor.ChosenByRelay
            Accessible.name: qsTr("Address")
        }
    }
    Field {
        Layout.fillWidth: true
        visible: root.byName
        label: ""
        input.Accessible.name: qsTr("Name")
        placeholder: qsTr("my-site")
        error: root.editor.addressError
        text: root.editor.name
        onEdited: text => root.editor.name = text
    }
    Field {
        Layout.fillWidth: true
        visible: root.byHostname
        label: ""
        input.Accessible.name: qsTr("Own host name")
        placeholder: "app.example.org"
        hint: qsTr("Its DNS entry has to lead to the relay.")
        error: root.editor.addressError
        text: root.editor.hostname
        onEdited: text => root.editor.hostname = text
    }
    Field {
        Layout.fillWidth: true
        visible: root.byPort
        label: ""
        input.Accessible.name: qsTr("Own port")
        placeholder: "2222"
        error: root.editor.addressError
        text: root.editor.port
        onEdited: text => root.editor.port = text
    }
}
