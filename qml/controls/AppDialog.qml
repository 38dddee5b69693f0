import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// A dialog in the middle of the window. Its buttons stand at the end; what does not fit above them
// scrolls.
T.Popup {
    id: root

    required property string title
    default property alias content: body.data
    property alias buttons: buttonRow.data
    // Something is typed in it, which a click beside it must not throw away.
    property bool holdsInput: false

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(440, (parent ? parent.width : 480) - 2 * Theme.spacingXl)
    implicitHeight: contentHeight + topPadding + bottomPadding
    height: Math.min(implicitHeight, (parent ? parent.height : 720) - 2 * Theme.spacingM)
    modal: true
    focus: true
    closePolicy: holdsInput ? T.Popup.CloseOnEscape : T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    padding: Theme.spacingXl

    background: Rectangle {
        color: Theme.surface
        border.color: Theme.border
        radius: Theme.radius + 4
    }
    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
    // Made at once because of the ids in it, which is what is wanted.
    contentItem: ColumnLayout { // qmllint disable deferred-property-id
        spacing: Theme.spacingL
        Accessible.role: Accessible.Dialog
        Accessible.name: root.title

        TitleLabel {
            Layout.fillWidth: true
            text: root.title
            wrapMode: Text.Wrap
        }
        ScrollArea {
            id: scroll

            // Room for the rings around what has the keyboard.
            Layout.margins: -padding
            Layout.fillWidth: true
            Layout.fillHeight: true
            padding: Theme.spacingXs
            contentWidth: availableWidth
            contentHeight: body.implicitHeight
            clip: contentHeight > availableHeight

            ColumnLayout {
                id: body

                width: scroll.availableWidth
                spacing: Theme.spacingM
            }
            FocusFollower {
                view: scroll.contentItem
            }
        }
        RowLayout {
            id: buttonRow

            Layout.alignment: Qt.AlignRight
            spacing: Theme.spacingS
        }
    }
}
