pragma ComponentBehavior: Bound
import QtQuick
import Sallyport.Theme

// A row of names of which one is chosen, as a segmented control. Arrow keys move along it. An Item
// and no Control, whose role Qt 6.4 would tell to screen readers instead of this one. Only the
// keyboard gives it the focus.
Item {
    id: root

    required property list<string> names
    property int currentIndex: 0
    readonly property int padding: 3
    // The person chose another.
    signal chosen(int index)

    function step(by: int) {
        root.chosen(Math.max(0, Math.min(names.length - 1, currentIndex + by)));
    }

    implicitHeight: Theme.controlHeight
    implicitWidth: row.implicitWidth + 2 * padding
    activeFocusOnTab: true
    Accessible.role: Accessible.PageTabList
    Keys.onLeftPressed: step(LayoutMirroring.enabled ? 1 : -1)
    Keys.onRightPressed: step(LayoutMirroring.enabled ? -1 : 1)

    Rectangle {
        anchors.fill: parent
        color: Theme.sunken
        radius: Theme.radiusSmall + 2

        FocusRing {
            shown: root.activeFocus
        }
    }
    Row {
        id: row

        x: root.padding
        y: root.padding
        width: root.width - 2 * root.padding
        spacing: 2

        Repeater {
            model: root.names

            TabItem {
                required property int index
                required property string modelData

                height: root.height - 2 * root.padding
                text: modelData
                checked: root.currentIndex === index
                onClicked: root.chosen(index)
            }
        }
    }
}
