import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The way of the link step by step, and what works of it.
PageScroll {
    id: root

    required property Session session

    DiagnoseModel {
        id: checks

        session: root.session
    }
    ColumnLayout {
        spacing: Theme.spacingL

        PageHeader {
            Layout.fillWidth: true
            title: qsTr("Diagnose")
            subtitle: qsTr("Each step between your services and their visitors.")

            Spinner {
                visible: checks.busy
            }
            QuietButton {
                text: qsTr("Check again")
                iconName: "refresh"
                enabled: !checks.busy
                onClicked: checks.run()
            }
            QuietButton {
                text: qsTr("Copy report")
                iconName: "copy"
                enabled: checks.count > 0 && !checks.busy
                onClicked: checks.copyReport()
            }
        }
        Notice {
            Layout.fillWidth: true
            visible: checks.count > 0 && !checks.busy
            kind: checks.failures > 0 ? Notice.Bad : checks.warnings > 0 ? Notice.Warning : Notice.Good
            text: checks.failures > 0 ? qsTr("%n step(s) failed.", "", checks.failures) : checks.warnings > 0 ? qsTr("It works, with %n warning(s).", "", checks.warnings) : qsTr("Everything works.")
        }
        Card {
            Layout.fillWidth: true
            visible: checks.count > 0

            ColumnLayout {
                spacing: Theme.spacingM

                Repeater {
                    model: checks

                    CheckRow {
                        Layout.fillWidth: true
                    }
                }
            }
        }
        MutedLabel {
            Layout.fillWidth: true
            text: qsTr("The report holds no secrets; it can be sent to whoever helps you.")
            wrapMode: Text.Wrap
        }
    }
}
