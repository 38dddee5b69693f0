import QtQuick
import QtQuick.Layouts
import Sallyport.Theme

// Asks before something goes that can't be had back.
AppDialog {
    id: root

    required property string question
    required property string action
    signal confirmed

    TextLabel {
        Layout.fillWidth: true
        text: root.question
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }

    buttons: [
        QuietButton {
            id: cancel

            text: qsTr("Cancel")
            focus: true
            onClicked: root.close()
        },
        DangerButton {
            text: root.action
            onClicked: {
                root.close();
                root.confirmed();
            }
        }
    ]
    onOpened: cancel.forceActiveFocus()
}
