import QtQuick
import QtQuick.Layouts
import Sallyport.Theme

// What stands around one line of input: its label above and, below, a hint or what is wrong.
ColumnLayout {
    id: root

    required property string label
    property string hint
    property string error
    readonly property bool wrong: error !== ""
    readonly property string remark: wrong ? error : hint
    default property alias content: holder.data

    spacing: Theme.spacingXs

    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.label
        font.weight: Font.Medium
    }
    ColumnLayout {
        id: holder

        Layout.fillWidth: true
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.remark
        color: root.wrong ? Theme.bad : Theme.textMuted
        wrapMode: Text.Wrap
    }
}
