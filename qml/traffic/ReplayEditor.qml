import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Changes a request before it is sent again.
AppDialog {
    id: root

    required property ReplayModel replay

    title: qsTr("Edit and send again")
    width: Math.min(680, (parent ? parent.width : 720) - 2 * Theme.spacingXl)
    onOpened: target.input.forceActiveFocus()

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.spacingM

        Field {
            Layout.preferredWidth: 110
            label: qsTr("Method")
            text: root.replay.draft.method
            onEdited: text => root.replay.draft.method = text
        }
        Field {
            id: target

            Layout.fillWidth: true
            label: qsTr("Path")
            text: root.replay.draft.target
            onEdited: text => root.replay.draft.target = text
        }
    }
    MutedLabel {
        text: qsTr("Headers; *** stands for a secret, which is sent as it was")
        font.weight: Font.Medium
    }
    TextPane {
        Layout.fillWidth: true
        Layout.preferredHeight: 130
        text: root.replay.draft.headers
        label: qsTr("Headers")
        readOnly: false
        area.onTextChanged: root.replay.draft.headers = area.text
    }
    MutedLabel {
        text: root.replay.draft.bodyEditable ? qsTr("Body") : qsTr("The body is not text; it is sent as it was.")
        font.weight: Font.Medium
    }
    TextPane {
        Layout.fillWidth: true
        Layout.preferredHeight: 130
        visible: root.replay.draft.bodyEditable
        text: root.replay.draft.body
        label: qsTr("Body")
        readOnly: false
        area.onTextChanged: root.replay.draft.body = area.text
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.replay.draft.problem
        color: Theme.bad
        wrapMode: Text.Wrap
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        PrimaryButton {
            text: qsTr("Send")
            iconName: "replay"
            enabled: root.replay.draft.problem === ""
            onClicked: {
                root.close();
                root.replay.sendDraft();
            }
        }
    ]
}
