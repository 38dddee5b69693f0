import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What of the traffic is kept on this computer.
Card {
    id: root

    required property AppSettings settings
    readonly property list<int> budgets: [64, 256, 1024, 4096]

    ColumnLayout {
        spacing: Theme.spacingL

        TitleLabel {
            text: qsTr("Live traffic")
        }
        SettingRow {
            title: qsTr("Record requests")
            hint: qsTr("They stay on this computer.")

            Toggle {
                label: qsTr("Record requests")
                checked: root.settings.capture
                onToggled: root.settings.capture = checked
            }
        }
        SettingRow {
            title: qsTr("Space for bodies")
            hint: qsTr("The oldest go first; each is kept up to 16 MiB.")

            Choice {
                implicitWidth: 130
                enabled: root.settings.capture
                label: qsTr("Space for bodies")
                model: ["64 MiB", "256 MiB", "1 GiB", "4 GiB"]
                currentIndex: root.budgets.indexOf(root.settings.bodyBudgetMiB) // qmllint disable
                displayText: currentIndex < 0 ? root.settings.bodyBudgetMiB + " MiB" : currentText
                onActivated: index => root.settings.bodyBudgetMiB = root.budgets[index]
            }
        }
        SettingRow {
            title: qsTr("Keep the history")
            hint: qsTr("If off, it is forgotten when the program ends. Holds from the next start.")

            Toggle {
                enabled: root.settings.capture
                label: qsTr("Keep the history")
                checked: root.settings.keepHistory
                onToggled: root.settings.keepHistory = checked
            }
        }
        SettingRow {
            title: qsTr("Never write secrets down")
            hint: qsTr("Passwords, tokens and cookies are hidden on screen in any case. If on, they are not even recorded, and a replay lacks them.")

            Toggle {
                enabled: root.settings.capture
                label: qsTr("Never write secrets down")
                checked: root.settings.redactAlways
                onToggled: root.settings.redactAlways = checked
            }
        }
        Field {
            Layout.fillWidth: true
            label: qsTr("More secret headers and fields")
            hint: qsTr("Names with commas, besides the usual ones such as Authorization, Cookie and password.")
            placeholder: "X-Internal-Key, pin"
            text: root.settings.secretNames
            input.onEditingFinished: root.settings.secretNames = text
        }
    }
}
