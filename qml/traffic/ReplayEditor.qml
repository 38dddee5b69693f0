import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Changes a request before it is sent again.
AppDialog {
    id: root

    required property ReplayModel replay
    readonly property ReplayDraft draft: replay.draft
    // Whether the changes may go is being asked.
    property bool asking: false
    signal discardRequested

    holdsInput: true
    // Esc asks where something would be lost.
    closePolicy: draft.edited ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape
    title: qsTr("Edit and send again")
    width: Math.min(680, (parent ? parent.width : 720) - 2 * Theme.spacingXl)
    onOpened: target.input.forceActiveFocus()

    Shortcut {
        sequence: "Esc"
        enabled: root.opened && root.draft.edited && !root.asking
        onActivated: root.discardRequested()
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.spacingM

        Field {
            Layout.preferredWidth: 110
            label: qsTr("Method")
            text: root.draft.method
            error: root.draft.problemPart === ReplayDraft.Method ? root.draft.problem : ""
            onEdited: text => root.draft.method = text
        }
        Field {
            id: target

            Layout.fillWidth: true
            label: qsTr("Path")
            text: root.draft.target
            error: root.draft.problemPart === ReplayDraft.Target ? root.draft.problem : ""
            onEdited: text => root.draft.target = text
        }
    }
    FieldFrame {
        Layout.fillWidth: true
        label: qsTr("Headers")
        hint: root.draft.hasSecrets && !root.draft.showSecrets ? qsTr("*** stands for a secret, which is sent as it was.") : ""
        error: root.draft.problemPart === ReplayDraft.Headers ? root.draft.problem : ""

        TextPane {
            Layout.fillWidth: true
            Layout.preferredHeight: 130
            text: root.draft.headers
            label: qsTr("Headers")
            readOnly: false
            wrong: root.draft.problemPart === ReplayDraft.Headers
            area.onTextChanged: root.draft.headers = area.text
        }
    }
    FieldFrame {
        Layout.fillWidth: true
        label: root.draft.bodyEditable ? qsTr("Body") : root.draft.bodyHidden ? qsTr("The body holds secrets; it is sent as it was unless they are shown.") : qsTr("The body is not text; it is sent as it was.")
        error: root.draft.problemPart === ReplayDraft.Body ? root.draft.problem : ""

        TextPane {
            Layout.fillWidth: true
            Layout.preferredHeight: 130
            visible: root.draft.bodyEditable
            text: root.draft.body
            label: qsTr("Body")
            readOnly: false
            wrong: root.draft.problemPart === ReplayDraft.Body
            area.onTextChanged: root.draft.body = area.text
        }
    }
    Toggle {
        visible: root.draft.hasSecrets
        enabled: root.draft.problem === ""
        text: root.draft.problem === "" ? qsTr("Show secrets") : qsTr("Show secrets, once nothing is wrong above")
        checked: root.draft.showSecrets
        onToggled: root.draft.showSecrets = checked
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        PrimaryButton {
            text: qsTr("Send")
            iconName: "replay"
            enabled: root.draft.problem === ""
            onClicked: {
                root.close();
                root.replay.sendDraft();
            }
        }
    ]
}
