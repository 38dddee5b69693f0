import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme

// Text of a machine: can be marked, scrolls both ways, is never laid out as rich text. Where it can be
// changed it looks like a field.
ScrollArea {
    id: root

    required property string text
    required property string label
    property alias readOnly: area.readOnly
    property bool wrong: false
    property alias area: area

    clip: true
    background: Rectangle {
        color: root.readOnly ? Theme.sunken : Theme.field
        border.width: root.readOnly ? 0 : 1
        border.color: root.wrong ? Theme.bad : Theme.fieldBorder
        radius: Theme.radiusSmall
    }

    T.TextArea {
        id: area

        implicitWidth: contentWidth + leftPadding + rightPadding
        implicitHeight: contentHeight + topPadding + bottomPadding
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
        leftPadding: padding + 4
        background: null
        selectByKeyboard: true // so that the arrow and page keys move in what can only be read
        Accessible.name: root.label
        // Not a character of the text: who came here with the keyboard goes on with it.
        Keys.onTabPressed: area.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
        Keys.onBacktabPressed: area.nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    }
    FocusRing {
        parent: root
        anchors.margins: 0
        radius: Theme.radiusSmall
        shown: area.activeFocus
    }
}
