import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// How the app behaves.
PageScroll {
    id: root

    required property Session session

    ColumnLayout {
        spacing: Theme.spacingL

        PageHeader {
            Layout.fillWidth: true
            title: qsTr("Settings")
            subtitle: qsTr("How this program looks and behaves.")
        }
        Notice {
            Layout.fillWidth: true
            visible: root.session.trayMissing
            text: qsTr("This desktop shows no icons of programs in its panel, so closing the window ends the program. On GNOME, the extension “AppIndicator” adds them.")
        }
        AppearanceCard {
            Layout.fillWidth: true
            session: root.session
        }
        StartCard {
            Layout.fillWidth: true
            settings: root.session.settings
        }
        ServiceCard {
            Layout.fillWidth: true
            session: root.session
        }
        NotificationsCard {
            Layout.fillWidth: true
            settings: root.session.settings
        }
        CaptureCard {
            Layout.fillWidth: true
            settings: root.session.settings
        }
        MutedLabel {
            Layout.fillWidth: true
            text: qsTr("Sallyport does not look for updates and sends nothing about you to anybody.")
            wrapMode: Text.Wrap
        }
    }
}
