import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The join line, or host and token by hand.
ColumnLayout {
    id: root

    required property WelcomeModel model

    spacing: Theme.spacingL

    TabStrip {
        Layout.alignment: Qt.AlignHCenter
        names: [qsTr("Join line"), qsTr("Host and token")]
        currentIndex: root.model.byJoinLine ? 0 : 1
        onChosen: index => root.model.byJoinLine = index === 0
    }
    SecretField {
        Layout.fillWidth: true
        visible: root.model.byJoinLine
        label: qsTr("The line that your relay printed")
        placeholder: "sallyport://…"
        hint: qsTr("It looks like sallyport://TOKEN@HOST:7000?pin=… and holds a secret, so it is hidden here.")
        error: root.model.joinLineError
        value: root.model.joinLine
        input.focus: true
        onEdited: value => root.model.joinLine = value
        onAccepted: root.model.start()
    }
    Field {
        Layout.fillWidth: true
        visible: !root.model.byJoinLine
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
        visible: !root.model.byJoinLine
        label: qsTr("Token")
        placeholder: "spt_…"
        hint: qsTr("Kept in the keychain of this computer.")
        value: root.model.token
        onEdited: value => root.model.token = value
        onAccepted: root.model.start()
    }
    Field {
        Layout.fillWidth: true
        visible: !root.model.byJoinLine
        label: qsTr("Pin (optional)")
        placeholder: "sha256:…"
        hint: qsTr("The key of a relay whose certificate no authority has signed.")
        text: root.model.pin
        onEdited: text => root.model.pin = text
        onAccepted: root.model.start()
    }
}
