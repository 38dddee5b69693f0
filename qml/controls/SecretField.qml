import QtQuick
import QtQuick.Layouts
import Sallyport.Theme

// As Field, for what nobody may read over a shoulder.
ColumnLayout {
    id: root

    required property string label
    property string hint
    property string error
    property string placeholder
    property string value
    property alias input: input
    signal edited(string value)
    signal accepted

    spacing: Theme.spacingXs
    Accessible.role: Accessible.Grouping
    Accessible.name: label

    MutedLabel {
        Layout.fillWidth: true
        text: root.label
        font.weight: Font.Medium
    }
    SecretInput {
        id: input

        Layout.fillWidth: true
        label: root.label
        hint: root.error !== "" ? root.error : root.hint
        value: root.value
        wrong: root.error !== ""
        placeholderText: root.placeholder
        onValueEdited: value => root.edited(value)
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
