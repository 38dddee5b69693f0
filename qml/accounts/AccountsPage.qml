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

    AccountsModel {
        id: accountList

        session: root.session
    }

    PageScroll {
        anchors.fill: parent

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
                visible: accountList.anyInFile
                kind: Notice.Warning
                text: qsTr("This computer has no keychain that is open, so a token is kept in a file that only your user can read. Unlock or install a keychain and add the account again to move it there.")
            }
            Repeater {
                model: accountList

                AccountCard {
                    Layout.fillWidth: true
                    accounts: accountList
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
