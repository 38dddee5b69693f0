import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// What all buttons with a text share; pages use PrimaryButton, QuietButton and DangerButton.
T.Button {
    id: root

    property string iconName
    required property color fill
    required property color fillHovered
    required property color outline
    required property color ink
    readonly property color shownInk: enabled ? ink : Theme.textMuted

    implicitHeight: Theme.controlHeight
    implicitWidth: Math.max(Theme.controlHeight, row.implicitWidth + leftPadding + rightPadding)
    leftPadding: Theme.spacingL
    rightPadding: Theme.spacingL
    topPadding: 0
    bottomPadding: 0
    hoverEnabled: true
    Accessible.name: text
    Accessible.description: enabled ? "" : qsTr("Not available now")
    Accessible.onPressAction: if (enabled)
        clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    background: Rectangle {
        color: !root.enabled ? Theme.sunken : root.hovered || root.down ? root.fillHovered : root.fill
        border.color: root.enabled ? root.outline : Theme.border
        radius: Theme.radiusSmall + 1

        FocusRing {
            shown: root.visualFocus
        }
    }
    // Made at once because of the ids in it, which is what is wanted.
    contentItem: Item { // qmllint disable deferred-property-id
        implicitWidth: row.implicitWidth

        RowLayout {
            id: row

            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width)
            spacing: Theme.spacingS

            Icon {
                Layout.preferredWidth: 17
                Layout.preferredHeight: 17
                visible: root.iconName !== ""
                name: root.iconName
                color: root.shownInk
            }
            TextLabel {
                Layout.fillWidth: true
                text: root.text
                color: root.shownInk
                font.weight: Font.Medium
            }
        }
    }
}
