pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The services that listen on this computer.
Card {
    id: root

    required property ServicesModel services
    required property Session session
    property string chosen // the upstream that the form is about
    signal serviceChosen(string upstream, int kind)

    padding: Theme.spacingS

    ColumnLayout {
        spacing: 0

        RowLayout {
            Layout.margins: Theme.spacingS
            spacing: Theme.spacingS

            TitleLabel {
                Layout.fillWidth: true
                text: qsTr("On this computer")
            }
            Spinner {
                implicitWidth: 18
                implicitHeight: 18
                visible: root.services.looking && root.services.count === 0
            }
        }
        Repeater {
            model: root.services

            ServiceRow {
                Layout.fillWidth: true
                current: root.chosen === upstream
                onChosen: root.serviceChosen(upstream, kind)
                onSwitched: on => root.services.setPublished(index, on)
                onCopyRequested: root.session.copy(url, qsTr("Address copied"))
            }
        }
        Notice {
            Layout.fillWidth: true
            Layout.margins: Theme.spacingS
            visible: root.services.problem !== ""
            kind: Notice.Warning
            text: root.services.problem
        }
        EmptyState {
            Layout.fillWidth: true
            Layout.margins: Theme.spacingXl
            visible: root.services.count === 0 && root.services.problem === ""
            iconName: "server"
            title: qsTr("No service was found")
            text: qsTr("Start your web site or program; it appears here within seconds. A service elsewhere in your network can be typed in the form.")
        }
    }
}
