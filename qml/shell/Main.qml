import QtQuick
import QtQuick.Controls
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The window.
ApplicationWindow {
    id: root

    required property Session session

    width: 1080
    height: 720
    visible: true
    title: "Sallyport"
    color: Theme.window

    Card {
        anchors.centerIn: parent

        Label {
            text: root.session.stateText
            color: Theme.text
        }
    }
}
