import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// A label above something that is not a text field.
ColumnLayout {
    id: root

    required property string label
    default property alias content: holder.data

    spacing: Theme.spacingXs

    MutedLabel {
        Layout.fillWidth: true
        text: root.label
        font.weight: Font.Medium
    }
    RowLayout {
        id: holder

        spacing: Theme.spacingS
    }
}
