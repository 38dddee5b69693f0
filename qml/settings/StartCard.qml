import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// When the app starts, and how.
Card {
    id: root

    required property AppSettings settings

    ColumnLayout {
        spacing: Theme.spacingL

        TitleLabel {
            text: qsTr("Start")
        }
        SettingRow {
            title: qsTr("Start at login")
            hint: root.settings.startProblem

            Toggle {
                label: qsTr("Start at login")
                checked: root.settings.startAtLogin
                onToggled: root.settings.startAtLogin = checked
            }
        }
        SettingRow {
            title: qsTr("Start minimised")
            hint: qsTr("Only the icon in the panel is shown; where there is none, the window comes minimised.")

            Toggle {
                label: qsTr("Start minimised")
                checked: root.settings.startMinimised
                onToggled: root.settings.startMinimised = checked
            }
        }
    }
}
