import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Theme and language.
Card {
    id: root

    required property Session session
    readonly property list<string> languages: ["system", "en", "de"]

    ColumnLayout {
        spacing: Theme.spacingL

        TitleLabel {
            text: qsTr("Appearance")
        }
        SettingRow {
            title: qsTr("Theme")

            TabStrip {
                names: [qsTr("System"), qsTr("Light"), qsTr("Dark")]
                currentIndex: root.session.appearance.mode
                onChosen: index => root.session.appearance.mode = index
            }
        }
        SettingRow {
            title: qsTr("Language")

            Choice {
                implicitWidth: 170
                label: qsTr("Language")
                model: [qsTr("As the system"), "English", "Deutsch"]
                currentIndex: root.languages.indexOf(root.session.settings.language)
                onActivated: index => root.session.settings.language = root.languages[index]
            }
        }
    }
}
