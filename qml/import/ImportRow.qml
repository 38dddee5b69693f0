import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// A tunnel of the other configuration: what it would be here, and whether anything guards it.
RowLayout {
    id: root

    required property int index
    required property string ref
    required property string summary
    required property string address
    required property string protection
    required property string warning
    required property bool chosen
    property bool busy: false
    signal toggled(chosen: bool)

    implicitHeight: column.implicitHeight + Theme.spacingM
    spacing: Theme.spacingM

    Toggle {
        label: root.ref
        enabled: !root.busy
        checked: root.chosen
        onToggled: root.toggled(checked)
    }
    ColumnLayout {
        id: column

        Layout.rightMargin: Theme.spacingM
        spacing: 1

        RowLayout {
            spacing: Theme.spacingM

            TextLabel {
                Layout.fillWidth: true
                text: root.ref
                font.weight: Font.DemiBold
            }
            Tag {
                visible: text !== ""
                text: root.warning !== "" ? qsTr("Unprotected") : root.protection
                color: root.warning !== "" ? Theme.warningSoft : Theme.sunken
                ink: root.warning !== "" ? Theme.warning : Theme.textMuted
            }
        }
        MutedLabel {
            Layout.fillWidth: true
            text: root.summary + " → " + root.address
            elide: Text.ElideMiddle
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: text !== ""
            text: root.warning
            color: Theme.warning
            wrapMode: Text.Wrap
        }
    }
}
