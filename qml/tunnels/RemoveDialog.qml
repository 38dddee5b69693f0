import QtQuick
import Sallyport.Controls
import Sallyport.ViewModels

// Asks before a tunnel goes.
ConfirmDialog {
    id: root

    required property TunnelsModel tunnels
    property string ref

    function ask(ref: string) {
        root.ref = ref;
        root.open();
    }

    title: qsTr("Remove “%1”?").arg(ref)
    question: qsTr("Its public address stops working at once, and its settings are taken out of agent.yaml. To stop it for a while, pause it instead.")
    action: qsTr("Remove")
    onConfirmed: root.tunnels.remove(root.ref)
}
