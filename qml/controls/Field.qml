import QtQuick
import QtQuick.Layouts
import Sallyport.Theme

// A line of text with its label above it and, below, a hint or what is wrong with it.
ColumnLayout {
    id: root

    required property string label
    property string hint
    property string error
    property string placeholder
    property bool secret: false
    property alias text: input.text
    property alias input: input
    signal edited(string text)
    signal accepted

    spacing: Theme.spacingXs

    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.label
        font.weight: Font.Medium
    }
    RowLayout {
        spacing: Theme.spacingXs

        InputField {
            id: input

            Layout.fillWidth: true
            wrong: root.error !== ""
            placeholderText: root.placeholder
            echoMode: root.secret && !reveal.checked ? TextInput.Password : TextInput.Normal
            inputMethodHints: root.secret ? Qt.ImhSensitiveData | Qt.ImhNoPredictiveText : Qt.ImhNone
            Accessible.name: root.label
            Accessible.description: root.error !== "" ? root.error : root.hint
            Accessible.passwordEdit: root.secret
            onTextEdited: root.edited(text)
            onAccepted: root.accepted()
        }
        IconButton {
            id: reveal

            visible: root.secret
            checkable: true
            iconName: checked ? "eye-off" : "eye"
            text: checked ? qsTr("Hide") : qsTr("Show")
        }
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.error !== "" ? root.error : root.hint
        color: root.error !== "" ? Theme.bad : Theme.textMuted
        wrapMode: Text.Wrap
    }
}
