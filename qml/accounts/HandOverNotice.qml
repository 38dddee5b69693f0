import QtQuick
import Sallyport.Controls
import Sallyport.ViewModels

// That a token was replaced which the service needs too, and the way to where it is handed over.
Notice {
    id: root

    required property Session session

    visible: session.service.lacksToken
    kind: Notice.Warning
    text: qsTr("The service that starts with the computer does not have the token that is in use now. After the next start it could not connect.")

    QuietButton {
        text: qsTr("Settings")
        Accessible.name: qsTr("To the service in the settings")
        onClicked: root.session.open("settings")
    }
}
