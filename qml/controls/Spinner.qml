pragma ComponentBehavior: Bound
import QtQuick
import Sallyport.Theme

// Something is going on: dots in a circle, the brightest of which runs around.
Item {
    id: root

    readonly property int dots: 8
    property int brightest

    implicitWidth: 24
    implicitHeight: 24
    Accessible.role: Accessible.Indicator
    Accessible.name: qsTr("Busy")

    NumberAnimation on brightest {
        running: root.visible
        from: 0
        to: root.dots
        duration: 960
        loops: Animation.Infinite
    }
    Repeater {
        model: root.dots

        Rectangle {
            required property int index
            readonly property real angle: 2 * Math.PI * index / root.dots

            x: root.width * (0.5 + 0.38 * Math.sin(angle)) - width / 2
            y: root.height * (0.5 - 0.38 * Math.cos(angle)) - height / 2
            width: root.width / 6
            height: width
            radius: width / 2
            color: Theme.accent
            opacity: 1 - 0.8 * ((root.brightest - index + root.dots) % root.dots) / root.dots
        }
    }
}
