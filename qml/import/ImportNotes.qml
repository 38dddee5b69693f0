import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme

// What cannot be taken over, by its place in the file.
ColumnLayout {
    id: root

    required property list<string> notes

    spacing: Theme.spacingXs

    TextLabel {
        Layout.fillWidth: true
        text: qsTr("Remarks")
        font.weight: Font.DemiBold
    }
    ListView {
        Layout.fillWidth: true
        implicitHeight: Math.min(160, contentHeight)
        clip: true
        model: root.notes
        spacing: Theme.spacingXs
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Remarks")
        T.ScrollBar.vertical: SlimScrollBar {}

        delegate: MutedLabel {
            required property string modelData

            width: ListView.view.width - Theme.spacingM
            text: modelData
            wrapMode: Text.Wrap
            elide: Text.ElideNone
        }
    }
}
