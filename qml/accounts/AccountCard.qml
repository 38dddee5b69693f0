import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// A relay and a token for it.
Card {
    id: root

    required property AccountsModel accounts
    required property string accountId
    required property string label
    required property string relay
    required property string hint
    required property bool pinned
    required property bool inUse
    required property bool refused
    required property bool inFile
    required property bool canMove
    required property bool testing
    required property string testText
    required property bool testGood
    signal replaceRequested
    signal renameRequested
    signal removeRequested

    border.color: refused ? Theme.bad : inUse ? Theme.accent : Theme.border

    ColumnLayout {
        spacing: Theme.spacingM

        RowLayout {
            spacing: Theme.spacingM

            Rectangle {
                implicitWidth: 40
                implicitHeight: 40
                radius: 20
                color: root.inUse ? Theme.accentSoft : Theme.sunken

                Icon {
                    anchors.centerIn: parent
                    width: 22
                    height: 22
                    name: "door"
                    color: root.inUse ? Theme.accent : Theme.textMuted
                }
            }
            ColumnLayout {
                spacing: 2

                TextLabel {
                    Layout.fillWidth: true
                    text: root.label
                    font.weight: Font.DemiBold
                }
                MutedLabel {
                    Layout.fillWidth: true
                    text: root.hint === "" ? root.relay : root.relay + "  ·  " + root.hint
                    elide: Text.ElideMiddle
                }
            }
            Tag {
                visible: root.pinned
                text: qsTr("Pinned key")
            }
            Tag {
                visible: root.inFile
                text: qsTr("In a file")
                ink: Theme.warning
            }
            StateBadge {
                visible: root.inUse
                kind: root.refused ? StateBadge.Bad : StateBadge.Good
                text: root.refused ? qsTr("Refused") : qsTr("In use")
            }
        }
        RowLayout {
            visible: root.testing || root.testText !== ""
            spacing: Theme.spacingS

            Spinner {
                visible: root.testing
                implicitWidth: 18
                implicitHeight: 18
            }
            MutedLabel {
                Layout.fillWidth: true
                text: root.testText
                color: root.testing ? Theme.textMuted : root.testGood ? Theme.good : Theme.bad
                wrapMode: Text.Wrap
            }
        }
        Flow {
            Layout.fillWidth: true
            spacing: Theme.spacingS

            QuietButton {
                visible: root.canMove
                text: qsTr("Move to the keychain")
                iconName: "lock"
                onClicked: root.accounts.moveToKeychain(root.accountId)
            }
            QuietButton {
                visible: !root.inUse
                text: qsTr("Use")
                iconName: "check"
                onClicked: root.accounts.use(root.accountId)
            }
            QuietButton {
                text: qsTr("Test")
                iconName: "refresh"
                enabled: !root.testing
                onClicked: root.accounts.test(root.accountId)
            }
            QuietButton {
                text: qsTr("Replace token…")
                iconName: "key"
                onClicked: root.replaceRequested()
            }
            QuietButton {
                text: qsTr("Rename…")
                iconName: "edit"
                onClicked: root.renameRequested()
            }
            QuietButton {
                text: qsTr("Remove…")
                iconName: "remove"
                onClicked: root.removeRequested()
            }
        }
    }
}
