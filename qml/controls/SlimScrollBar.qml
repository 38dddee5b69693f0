import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// Shown while something scrolls or is pointed at; it lies over what it scrolls.
T.ScrollBar {
    id: root

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    padding: 2
    visible: policy !== T.ScrollBar.AlwaysOff
    minimumSize: orientation === Qt.Horizontal ? height / width : width / height

    // Made at once because of the id in it, which is what is wanted.
    contentItem: Rectangle { // qmllint disable deferred-property-id
        id: handle

        implicitWidth: 6
        implicitHeight: 6
        radius: 3
        color: root.pressed ? Theme.textMuted : Theme.border
        opacity: 0

        states: State {
            when: root.policy === T.ScrollBar.AlwaysOn || (root.active && root.size < 1)

            PropertyChanges {
                handle.opacity: 0.9
            }
        }
        transitions: Transition {
            to: ""

            SequentialAnimation {
                PauseAnimation {
                    duration: 450
                }
                NumberAnimation {
                    target: handle
                    property: "opacity"
                    duration: 200
                }
            }
        }
    }
}
