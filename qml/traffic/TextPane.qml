import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Theme

// Text of a machine: can be marked, scrolls both ways, is never laid out as rich text.
ScrollView {
    id: root

    required property string text
    required property string label
    property alias readOnly: area.readOnly
    property alias area: area

    clip: true
    background: Rectangle {
        color: Theme.sunken
        radius: Theme.radiusSmall
    }

    TextArea {
        id: area

        text: root.text
        textFormat: TextEdit.PlainText
        readOnly: true
        selectByMouse: true
        color: Theme.text
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentText
        wrapMode: TextEdit.WrapAnywhere
        font.family: Theme.monospace
        font.pixelSize: Theme.fontSmall
        padding: Theme.spacingS
        background: null
        Accessible.name: root.label
    }
}
