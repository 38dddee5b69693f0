import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// Asks before a service that is mostly made for this computer alone is opened to the internet.
AppDialog {
    id: root

    property string service
    property string upstream
    property int kind: 0
    signal confirmed(upstream: string)
    signal rulesWanted(upstream: string, kind: int)

    function ask(service: string, upstream: string, kind: int) {
        root.service = service;
        root.upstream = upstream;
        root.kind = kind;
        open();
    }

    title: qsTr("Publish %1?").arg(service)

    TextLabel {
        Layout.fillWidth: true
        text: qsTr("Everybody on the internet will be able to reach it. Nothing but its own password protects it, if it has one.")
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }
    // Not beside the others: three do not fit into a narrow window.
    QuietButton {
        text: qsTr("Choose who may visit…")
        onClicked: {
            root.close();
            root.rulesWanted(root.upstream, root.kind);
        }
    }

    buttons: [
        QuietButton {
            id: cancel

            text: qsTr("Cancel")
            focus: true
            onClicked: root.close()
        },
        DangerButton {
            text: qsTr("Publish anyway")
            onClicked: {
                root.close();
                root.confirmed(root.upstream);
            }
        }
    ]
    onOpened: cancel.forceActiveFocus()
}
