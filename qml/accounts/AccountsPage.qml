pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The relays that this computer has a token for.
FocusScope {
    id: root

    required property Session session

    focus: true

    AccountsModel {
        id: accountList

        session: root.session
    }

    PageScroll {
        anchors.fill: parent
        focus: true

        ColumnLayout {
            spacing: Theme.spacingL

            PageHeader {
                Layout.fillWidth: true
                title: qsTr("Accounts")
                subtitle: qsTr("Relays that you have a token for. One of them is in use.")

                PrimaryButton {
                    iconName: "plus"
                    text: qsTr("Add")
                    onClicked: root.session.open("welcome")
                }
            }
            Notice {
                Layout.fillWidth: true
                visible: accountList.inFileText !== ""
                kind: Notice.Warning
                text: accountList.inFileText

                QuietButton {
                    visible: accountList.movableCount > 0
                    text: qsTr("Move to the keychain")
                    iconName: "lock"
                    onClicked: accountList.moveAllToKeychain()
                }
            }
            HandOverNotice {
                Layout.fillWidth: true
                session: root.session
            }
            Repeater {
                model: accountList

                AccountCard {
                    Layout.fillWidth: true
                    accounts: accountList
                    onReplaceRequested: root.session.open("welcome", accountId)
                    onRenameRequested: rename.ask(accountId, label)
                    onRemoveRequested: removal.ask(accountId, label)
                }
            }
        }
    }
    RenameDialog {
        id: rename

        accounts: accountList
    }
    ForgetDialog {
        id: removal

        accounts: accountList
    }
}
