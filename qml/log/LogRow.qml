import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme

// One line of the log.
RowLayout {
    id: root

    required property string time
    required property bool warning
    required property string text

    spacing: Theme.spacingM
    Accessible.role: Accessible.ListItem
    Accessible.name: (warning ? qsTr("Warning: ") : "") + text

    MutedLabel {
        Layout.alignment: Qt.AlignTop
        text: root.time
        font.family: Theme.monospace
    }
    Icon {
        Layout.alignment: Qt.AlignTop
        Layout.preferredWidth: 15
        Layout.preferredHeight: 15
        name: root.warning ? "warning" : ""
        color: Theme.warning
    }
    TextLabel {
        Layout.fillWidth: true
        text: root.text
        color: root.warning ? Theme.warning : Theme.text
        font.pixelSize: Theme.fontSmall + 1
        wrapMode: Text.Wrap
    }
}
