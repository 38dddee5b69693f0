import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.ViewModels

// A name of one's own for a relay.
AppDialog {
    id: root

    required property AccountsModel accounts
    property string accountId

    function ask(id: string, label: string) {
        root.accountId = id;
        field.text = label;
        root.open();
        field.input.forceActiveFocus();
        field.input.selectAll();
    }
    function save() {
        root.accounts.rename(root.accountId, field.text);
        root.close();
    }

    holdsInput: true
    title: qsTr("Rename")

    Field {
        id: field

        Layout.fillWidth: true
        label: qsTr("Name")
        hint: qsTr("Empty: the address of the relay.")
        onAccepted: root.save()
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        PrimaryButton {
            text: qsTr("Rename")
            onClicked: root.save()
        }
    ]
}
