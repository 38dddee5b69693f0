import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// One line of text in our look, without a label.
T.TextField {
    id: root

    property bool wrong: false

    implicitHeight: Theme.controlHeight
    implicitWidth: 240
    leftPadding: Theme.spacingM - 2
    rightPadding: Theme.spacingM - 2
    topPadding: 0
    bottomPadding: 0
    horizontalAlignment: TextInput.AlignLeft
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    placeholderTextColor: Theme.textMuted
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    selectByMouse: true
    font.pixelSize: Theme.fontBody
    opacity: enabled ? 1 : 0.5

    background: Rectangle {
        color: Theme.field
        border.width: root.activeFocus ? 2 : 1
        border.color: root.wrong ? Theme.bad : root.activeFocus ? Theme.accent : Theme.fieldBorder
        radius: Theme.radiusSmall + 1
    }

    TextLabel {
        x: root.leftPadding
        width: root.width - root.leftPadding - root.rightPadding
        height: root.height
        visible: root.length === 0 && root.preeditText === ""
        text: root.placeholderText
        color: root.placeholderTextColor
        font: root.font
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true // the field tells it
    }
}
