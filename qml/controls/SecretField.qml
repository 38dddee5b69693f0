import QtQuick
import QtQuick.Layouts

// As Field, for what nobody may read over a shoulder.
FieldFrame {
    id: root

    property string placeholder
    property string value
    property alias input: input
    signal edited(string value)
    signal accepted

    Accessible.role: Accessible.Grouping
    Accessible.name: label

    SecretInput {
        id: input

        Layout.fillWidth: true
        label: root.label
        hint: root.remark
        value: root.value
        wrong: root.wrong
        placeholderText: root.placeholder
        onValueEdited: value => root.edited(value)
        onAccepted: root.accepted()
    }
}
