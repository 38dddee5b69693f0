import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// A menu in our look.
T.Menu {
    id: root

    padding: 4
    margins: 0
    overlap: 1
    implicitWidth: 200
    implicitHeight: contentHeight + topPadding + bottomPadding

    background: Rectangle {
        implicitWidth: 200
        color: Theme.surfaceRaised
        border.color: Theme.border
        radius: Theme.radius
    }
    contentItem: ListView {
        implicitHeight: contentHeight
        model: root.contentModel
        currentIndex: root.currentIndex
        interactive: height < contentHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds
    }
}
