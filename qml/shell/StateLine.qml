import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// How the link is, and the master switch.
Rectangle {
    id: root

    required property Session session
    property bool narrow: false

    function kind(state: int): int {
        switch (state) {
        case Session.Connected:
            return StateBadge.Good;
        case Session.Connecting:
            return StateBadge.Busy;
        case Session.Waiting:
        case Session.ServiceAway:
            return StateBadge.Warning;
        case Session.Refused:
            return StateBadge.Bad;
        }
        return StateBadge.Off;
    }

    implicitHeight: column.implicitHeight + (narrow ? 2 * Theme.spacingS : 2 * Theme.spacingM)
    color: narrow ? "transparent" : Theme.surface
    border.color: narrow ? "transparent" : Theme.border
    radius: Theme.radius

    ColumnLayout {
        id: column

        anchors.centerIn: parent
        width: parent.width - (root.narrow ? 0 : 2 * Theme.spacingM)
        spacing: Theme.spacingXs

        RowLayout {
            Layout.alignment: Qt.AlignHCenter
            Layout.fillWidth: !root.narrow
            spacing: Theme.spacingS

            StateBadge {
                Layout.fillWidth: true
                visible: !root.narrow
                kind: root.kind(root.session.state)
                text: root.session.stateText
            }
            StateBadge {
                Layout.alignment: Qt.AlignHCenter
                visible: root.narrow
                kind: root.kind(root.session.state)
                Accessible.name: root.session.stateText
            }
            Toggle {
                visible: !root.narrow
                label: qsTr("Publish tunnels")
                checked: root.session.switchedOn
                enabled: root.session.place !== Session.Detached
                onToggled: root.session.switchOn(checked)
            }
        }
        Toggle {
            Layout.alignment: Qt.AlignHCenter
            visible: root.narrow
            label: qsTr("Publish tunnels")
            checked: root.session.switchedOn
            enabled: root.session.place !== Session.Detached
            onToggled: root.session.switchOn(checked)
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: !root.narrow && text !== ""
            text: root.session.relay
            elide: Text.ElideMiddle
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: !root.narrow && root.session.roundTripMs >= 0
            text: qsTr("%1 ms to the relay").arg(root.session.roundTripMs)
        }
    }
}
