import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// What can be set, what it means, and at its end the control for it.
RowLayout {
    id: root

    required property string title
    property string hint
    default property alias control: place.data

    Layout.fillWidth: true
    spacing: Theme.spacingL

    ColumnLayout {
        Layout.fillWidth: true
        spacing: 2

        TextLabel {
            Layout.fillWidth: true
            text: root.title
            wrapMode: Text.Wrap
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: text !== ""
            text: root.hint
            wrapMode: Text.Wrap
        }
    }
    RowLayout {
        id: place

        Layout.alignment: Qt.AlignRight | Qt.AlignVCenter
    }
}
