import QtQuick
import QtQuick.Layouts
import Sallyport.Theme

// The page's name, a line below it, and at its right the page's buttons.
RowLayout {
    id: root

    required property string title
    property string subtitle
    default property alias actions: buttons.data

    spacing: Theme.spacingM

    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: 2

        TextLabel {
            Layout.fillWidth: true
            text: root.title
            font.pixelSize: Theme.fontHeading
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        MutedLabel {
            Layout.fillWidth: true
            visible: text !== ""
            text: root.subtitle
            wrapMode: Text.WordWrap
        }
    }
    RowLayout {
        id: buttons

        Layout.alignment: Qt.AlignTop
        Layout.topMargin: Theme.spacingXs
        spacing: Theme.spacingS
    }
}
