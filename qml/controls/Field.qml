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
    InputField {
        id: input

        Layout.fillWidth: true
        wrong: root.error !== ""
        placeholderText: root.placeholder
        Accessible.name: root.label
        Accessible.description: root.error !== "" ? root.error : root.hint
        onTextEdited: root.edited(text)
        onAccepted: root.accepted()
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.error !== "" ? root.error : root.hint
        color: root.error !== "" ? Theme.bad : Theme.textMuted
        wrapMode: Text.Wrap
    }
}
