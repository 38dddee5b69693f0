import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The agent as a service, which runs while the window is closed.
Card {
    id: root

    required property Session session

    ServiceModel {
        id: service

        session: root.session
    }
    ConfirmDialog {
        id: removal

        title: qsTr("Remove the service?")
        question: qsTr("The tunnels are then published only while this program runs.")
        action: qsTr("Remove")
        onConfirmed: service.uninstall()
    }
    ColumnLayout {
        spacing: Theme.spacingM

        TitleLabel {
            text: qsTr("Service")
        }
        SettingRow {
            title: service.installed ? service.running ? qsTr("Runs as a service") : qsTr("Installed as a service, but not running") : qsTr("Run as a service")
            hint: qsTr("Tunnels stay published when the window is closed. This program then shows the agent of the service.")

            Spinner {
                visible: service.busy
            }
            QuietButton {
                visible: !service.installed
                enabled: !service.busy
                text: qsTr("Install")
                onClicked: service.install()
            }
            DangerButton {
                visible: service.installed
                enabled: !service.busy
                text: qsTr("Remove…")
                onClicked: removal.open()
            }
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: service.installed
            text: qsTr("To have it start before you log in: %1").arg(service.lingerHint)
            wrapMode: Text.Wrap
        }
        Notice {
            Layout.fillWidth: true
            visible: service.problem !== ""
            kind: Notice.Bad
            text: service.problem
        }
    }
}
