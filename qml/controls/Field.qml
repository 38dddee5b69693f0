import QtQuick
import QtQuick.Layouts

// A line of text with its label above it and, below, a hint or what is wrong with it.
FieldFrame {
    id: root

    property string placeholder
    property alias text: input.text
    property alias input: input
    signal edited(string text)
    signal accepted

    InputField {
        id: input

        Layout.fillWidth: true
        wrong: root.wrong
        placeholderText: root.placeholder
        Accessible.name: root.label
        Accessible.description: root.remark
        onTextEdited: root.edited(text)
        onAccepted: root.accepted()
    }
}
