import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Theme and language.
Card {
    id: root

    required property Session session

    LanguageChoice {
        id: languages
    }

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
                Accessible.name: qsTr("Theme")
            }
        }
        SettingRow {
            title: qsTr("Language")

            Choice {
                implicitWidth: 170
                label: qsTr("Language")
                model: languages.names
                currentIndex: languages.current
                onActivated: index => languages.current = index
            }
        }
    }
}
