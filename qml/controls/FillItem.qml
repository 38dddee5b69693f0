import QtQuick

// Gives its one child its own size, and takes the size that the child would like to have.
Item {
    id: root

    readonly property Item child: visibleChildren.length > 0 ? visibleChildren[0] : null

    implicitWidth: child ? child.implicitWidth : 0
    implicitHeight: child ? child.implicitHeight : 0

    Binding {
        target: root.child
        property: "width"
        value: root.width
        when: root.child !== null
    }
    Binding {
        target: root.child
        property: "height"
        value: root.height
        when: root.child !== null
    }
}
