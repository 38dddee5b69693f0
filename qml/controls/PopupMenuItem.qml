import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A row of a PopupMenu.
T.MenuItem {
    id: root

    required property string iconName
    property bool danger: false
    readonly property color ink: danger ? Theme.bad : Theme.text

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: Theme.rowHeight + 4
    leftPadding: Theme.spacingS
    rightPadding: Theme.spacingS
    opacity: enabled ? 1 : 0.45
    Accessible.name: text
    Accessible.onPressAction: if (enabled)
        clicked()

    background: Rectangle {
        color: !root.highlighted ? "transparent" : root.danger ? Theme.badSoft : Theme.hover
        radius: Theme.radiusSmall
    }
    contentItem: RowLayout {
        spacing: Theme.spacingM

        Icon {
            Layout.preferredWidth: 16
            Layout.preferredHeight: 16
            name: root.iconName
            color: root.danger ? Theme.bad : Theme.textMuted
        }
        TextLabel {
            Layout.fillWidth: true
            text: root.text
            color: root.ink
        }
    }
}
