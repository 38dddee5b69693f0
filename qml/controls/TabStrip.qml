pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// A row of names of which one is chosen, as a segmented control. Arrow keys move along it.
T.Control {
    id: root

    required property list<string> names
    property int currentIndex: 0
    // The person chose another.
    signal chosen(int index)

    implicitHeight: Theme.controlHeight
    implicitWidth: contentItem.implicitWidth + 6
    padding: 3
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.PageTabList
    Keys.onLeftPressed: root.chosen(Math.max(0, currentIndex - 1))
    Keys.onRightPressed: root.chosen(Math.min(names.length - 1, currentIndex + 1))

    background: Rectangle {
        color: Theme.sunken
        radius: Theme.radiusSmall + 2

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: Row {
        spacing: 2

        Repeater {
            model: root.names

            TabItem {
                required property int index
                required property string modelData

                height: root.availableHeight
                text: modelData
                checked: root.currentIndex === index
                onClicked: root.chosen(index)
            }
        }
    }
}
