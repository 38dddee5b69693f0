import QtQuick
import Sallyport.Controls
import Sallyport.ViewModels

// Asks before an account and its token go.
ConfirmDialog {
    id: root

    required property AccountsModel accounts
    property string accountId
    property string label

    function ask(id: string, label: string) {
        root.accountId = id;
        root.label = label;
        root.open();
    }

    title: qsTr("Remove “%1”?").arg(label)
    question: qsTr("Its token is deleted from this computer. To come back you need a token or a join line again. Tunnels stay in agent.yaml.")
    action: qsTr("Remove")
    onConfirmed: root.accounts.remove(root.accountId)
}
