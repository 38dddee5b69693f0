import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// One name of a TabStrip.
T.TabButton {
    id: root

    implicitWidth: contentItem.implicitWidth + 2 * Theme.spacingM
    implicitHeight: Theme.controlHeight - 6
    focusPolicy: Qt.NoFocus
    hoverEnabled: true
    checkable: false // what is chosen decides
    Accessible.role: Accessible.PageTab
    Accessible.name: text
    Accessible.selected: checked
    Accessible.onPressAction: clicked()

    background: Rectangle {
        color: root.checked ? Theme.surfaceRaised : root.hovered ? Theme.hover : "transparent"
        border.color: root.checked ? Theme.border : "transparent"
        radius: Theme.radiusSmall
    }
    contentItem: TextLabel {
        text: root.text
        color: root.checked ? Theme.text : Theme.textMuted
        font.weight: Font.Medium
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
}
