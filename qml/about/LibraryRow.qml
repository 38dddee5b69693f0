import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// A library that the program is made of.
RowLayout {
    id: root

    required property string name
    required property string purpose
    required property string licence

    spacing: Theme.spacingM

    TextLabel {
        Layout.preferredWidth: 170
        text: root.name
    }
    MutedLabel {
        Layout.fillWidth: true
        text: root.purpose
    }
    MutedLabel {
        text: root.licence
        color: Theme.text
    }
}
