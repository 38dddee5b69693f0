import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Who may visit.
ColumnLayout {
    id: root

    required property TunnelEditor editor

    spacing: Theme.spacingS

    Labelled {
        Layout.fillWidth: true
        label: qsTr("Who may visit")

        TabStrip {
            names: root.editor.accessKept ? [qsTr("Everybody"), qsTr("Password"), qsTr("Networks"), qsTr("As it is")] : [qsTr("Everybody"), qsTr("Password"), qsTr("Networks")]
            currentIndex: root.editor.accessMode
            onChosen: index => root.editor.accessMode = index
            Accessible.name: qsTr("Who may visit")
        }
    }
    RowLayout {
        visible: root.editor.accessMode === TunnelEditor.Password
        spacing: Theme.spacingM

        Field {
            Layout.fillWidth: true
            Layout.preferredWidth: 100
            Layout.alignment: Qt.AlignTop
            label: qsTr("User")
            text: root.editor.user
            onEdited: text => root.editor.user = text
        }
        SecretField {
            Layout.fillWidth: true
            Layout.preferredWidth: 130
            Layout.alignment: Qt.AlignTop
            label: qsTr("Password")
            placeholder: root.editor.passwordKnown ? qsTr("unchanged") : ""
            value: root.editor.password
            onEdited: value => root.editor.password = value
        }
    }
    Field {
        Layout.fillWidth: true
        visible: root.editor.accessMode === TunnelEditor.Networks
        label: ""
        input.Accessible.name: qsTr("Networks")
        placeholder: "198.51.100.0/24, 2001:db8::/32"
        hint: qsTr("Only visitors from these networks are let in.")
        text: root.editor.networks
        onEdited: text => root.editor.networks = text
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.editor.accessError
        color: Theme.bad
        wrapMode: Text.Wrap
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: root.editor.accessMode === TunnelEditor.AsInFile
        text: qsTr("The rules in agent.yaml stay as they are.")
        wrapMode: Text.Wrap
    }
}
