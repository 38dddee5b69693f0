import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// A name and its value; the value can be marked and copied.
RowLayout {
    id: root

    required property string name
    required property string value
    property int nameWidth: 120
    property bool mono: false

    spacing: Theme.spacingM
    Accessible.role: Accessible.StaticText
    Accessible.name: name + ": " + value

    MutedLabel {
        Layout.preferredWidth: root.nameWidth
        Layout.maximumWidth: root.nameWidth
        Layout.alignment: Qt.AlignTop
        text: root.name
        wrapMode: Text.Wrap
    }
    TextEdit {
        Layout.fillWidth: true
        text: root.value
        textFormat: TextEdit.PlainText
        horizontalAlignment: TextEdit.AlignLeft
        color: Theme.text
        readOnly: true
        selectByMouse: true
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentText
        wrapMode: TextEdit.WrapAnywhere
        font.pixelSize: Theme.fontSmall + (root.mono ? 0 : 1)
        font.family: root.mono ? Theme.monospace : Qt.application.font.family // qmllint disable
    }
}
