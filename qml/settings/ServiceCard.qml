import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The agent as a service, which runs while the window is closed.
Card {
    id: root

    required property Session session
    readonly property ServiceModel service: session.service

    Component.onCompleted: service.refresh()

    ConfirmDialog {
        id: removal

        title: qsTr("Remove the service?")
        question: qsTr("The tunnels are then published only while this program runs.")
        action: qsTr("Remove")
        onConfirmed: root.service.uninstall()
    }
    ColumnLayout {
        spacing: Theme.spacingM

        TitleLabel {
            text: qsTr("Service")
        }
        SettingRow {
            title: !root.service.installed ? qsTr("Run as a service") : root.service.running ? qsTr("Runs as a service") : qsTr("Installed as a service, but not running")
            hint: qsTr("Tunnels stay published when the window is closed. This program then shows the agent of the service.")

            QuietButton {
                visible: !root.service.installed
                enabled: !root.service.busy
                text: qsTr("Install")
                Accessible.name: qsTr("Install the service")
                onClicked: root.service.install()
            }
            DangerButton {
                visible: root.service.installed
                enabled: !root.service.busy
                text: qsTr("Remove…")
                Accessible.name: qsTr("Remove the service")
                onClicked: removal.open()
            }
        }
        SettingRow {
            title: root.service.startsWithComputer ? qsTr("Starts when the computer starts, before anybody logs in") : qsTr("Start when the computer starts, before anybody logs in")
            hint: root.service.startsWithComputer ? qsTr("Removing it asks for the administrator's password.") : qsTr("Asks for the administrator's password. The keychain is closed before you log in, so the tokens are copied to a place that only the system can read.")

            QuietButton {
                visible: !root.service.startsWithComputer
                enabled: !root.service.busy
                text: qsTr("Set up…")
                Accessible.name: qsTr("Set up the start with the computer")
                onClicked: root.service.installWithComputer()
            }
        }
        ServiceProgress {
            Layout.fillWidth: true
            service: root.service
        }
        Notice {
            Layout.fillWidth: true
            visible: root.service.lacksToken
            kind: Notice.Warning
            text: qsTr("The service does not have the token that is in use now. After the next start of the computer it could not connect.")

            QuietButton {
                enabled: !root.service.busy
                text: qsTr("Hand over…")
                Accessible.name: qsTr("Hand the token over to the service")
                onClicked: root.service.installWithComputer()
            }
        }
        Notice {
            Layout.fillWidth: true
            visible: text !== ""
            kind: Notice.Bad
            text: root.service.problem
        }
    }
}
