import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The relay, its token and its pin, typed by hand.
ColumnLayout {
    id: root

    required property WelcomeModel model

    spacing: Theme.spacingL

    Field {
        Layout.fillWidth: true
        label: qsTr("Relay")
        placeholder: "tunnel.example.com"
        hint: qsTr("Its host name; with a port when it is not 7000.")
        error: root.model.relayError
        text: root.model.relay
        onEdited: text => root.model.relay = text
        onAccepted: root.model.start()
    }
    SecretField {
        Layout.fillWidth: true
        label: qsTr("Token")
        placeholder: "spt_…"
        hint: qsTr("Kept in the keychain of this computer or, where there is none, in a file that only your user can read.")
        value: root.model.token
        onEdited: value => root.model.token = value
        onAccepted: root.model.start()
    }
    Field {
        Layout.fillWidth: true
        label: qsTr("Pin (optional)")
        placeholder: "sha256:…"
        hint: qsTr("The key of a relay whose certificate no authority has signed.")
        text: root.model.pin
        onEdited: text => root.model.pin = text
        onAccepted: root.model.start()
    }
}
