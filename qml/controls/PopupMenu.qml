import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Theme

// A menu in our look.
Menu {
    id: root

    padding: 4
    implicitWidth: 200

    background: Rectangle {
        implicitWidth: 200
        color: Theme.surfaceRaised
        border.color: Theme.border
        radius: Theme.radius
    }
}
