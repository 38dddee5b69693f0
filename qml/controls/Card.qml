import QtQuick
import Sallyport.Theme

// A quiet box that groups what belongs together.
Rectangle {
    id: root

    default property alias content: inner.data
    property int padding: Theme.spacingL

    implicitWidth: inner.childrenRect.width + 2 * padding
    implicitHeight: inner.childrenRect.height + 2 * padding
    color: Theme.surface
    border.color: Theme.border
    radius: Theme.radius

    Item {
        id: inner
        anchors.fill: parent
        anchors.margins: root.padding
    }
}
