import QtQuick
import Sallyport.Theme

// A quiet box that groups what belongs together. It is as large as its content, or as it is told;
// the content fills it.
Rectangle {
    id: root

    default property alias content: inner.data
    property int padding: Theme.spacingL

    implicitWidth: inner.implicitWidth + 2 * padding
    implicitHeight: inner.implicitHeight + 2 * padding
    color: Theme.surface
    border.color: Theme.border
    radius: Theme.radius

    FillItem {
        id: inner

        anchors.fill: parent
        anchors.margins: root.padding
    }
}
