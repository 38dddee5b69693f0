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
                visible: accountList.inFileCount > 0
                kind: Notice.Warning
                text: qsTr("%n token(s) are kept in a file that only your user can read, because no keychain was open then. To move a token to the keychain, open it and replace the token.", "", accountList.inFileCount)
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
