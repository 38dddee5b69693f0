pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// One of several, in a list that opens. `label` is its name for screen readers.
T.ComboBox {
    id: root

    required property string label

    implicitHeight: Theme.controlHeight
    implicitWidth: 180
    leftPadding: mirrored ? 32 : Theme.spacingM
    rightPadding: mirrored ? Theme.spacingM : 32
    font.pixelSize: Theme.fontBody
    hoverEnabled: true
    opacity: enabled ? 1 : 0.5
    Accessible.name: label
    Accessible.description: enabled ? "" : qsTr("Not available now")
    Accessible.onPressAction: if (enabled)
        popup.open()
    // Upon the release: the list would take it for a choice if it was open by then.
    Keys.onReleased: event => {
        event.accepted = !popup.visible && (event.key === Qt.Key_Return || event.key === Qt.Key_Enter);
        if (event.accepted)
            popup.open();
    }

    background: Rectangle {
        color: root.hovered ? Theme.hover : Theme.field
        border.color: Theme.fieldBorder
        radius: Theme.radiusSmall + 1

        FocusRing {
            shown: root.visualFocus
        }
    }
    contentItem: TextLabel {
        text: root.displayText
        verticalAlignment: Text.AlignVCenter
    }
    indicator: Icon {
        x: root.mirrored ? 10 : root.width - width - 10
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 14
        height: 14
        name: "chevron-down"
        color: Theme.textMuted
    }
    delegate: ChoiceItem {
        required property int index

        width: ListView.view ? ListView.view.width : 0
        text: root.textAt(index)
        highlighted: root.highlightedIndex === index
        chosen: root.currentIndex === index
    }
    popup: T.Popup {
        y: root.height + 4
        width: root.width
        implicitHeight: Math.min(contentItem.implicitHeight + 2 * padding, 320)
        padding: 4

        background: Rectangle {
            color: Theme.surfaceRaised
            border.color: Theme.border
            radius: Theme.radius
        }
        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: root.popup.visible ? root.delegateModel : null
            currentIndex: root.highlightedIndex
            boundsBehavior: Flickable.StopAtBounds
        }
    }
}
