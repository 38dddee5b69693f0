import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A page's entry at the side of the window; its icon alone when the side is narrow.
T.TabButton {
    id: root

    required property string iconName
    property bool narrow: false
    property bool current: false
    property int count: 0 // shown when over 0
    readonly property string tip: narrow ? text : "" // for the window's TipFinder

    implicitHeight: 38
    implicitWidth: narrow ? 40 : 180
    hoverEnabled: true
    leftPadding: narrow ? 11 : Theme.spacingM
    rightPadding: narrow ? 11 : Theme.spacingM
    checkable: false // what is chosen decides
    Accessible.role: Accessible.PageTab
    Accessible.name: text
    Accessible.selected: current
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    background: Rectangle {
        color: root.current ? Theme.accentSoft : root.hovered ? Theme.hover : "transparent"
        radius: Theme.radius - 1

        FocusRing {
            anchors.margins: -1
            shown: root.visualFocus
        }
    }
    contentItem: RowLayout {
        spacing: Theme.spacingM

        Icon {
            Layout.preferredWidth: 18
            Layout.preferredHeight: 18
            name: root.iconName
            color: root.current ? Theme.accent : Theme.textMuted
        }
        TextLabel {
            Layout.fillWidth: true
            visible: !root.narrow
            text: root.text
            color: root.current ? Theme.accent : Theme.text
            font.weight: root.current ? Font.DemiBold : Font.Normal
        }
        MutedLabel {
            visible: !root.narrow && root.count > 0
            text: root.count
        }
    }
}
