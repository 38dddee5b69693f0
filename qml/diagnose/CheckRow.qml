import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme

// One step of the way, and how it went.
RowLayout {
    id: root

    required property string group
    required property int verdict
    required property string text
    required property bool firstOfGroup
    readonly property list<int> kinds: [StateBadge.Good, StateBadge.Warning, StateBadge.Bad]
    readonly property list<string> words: [qsTr("fine"), qsTr("warning"), qsTr("failed")]

    spacing: Theme.spacingM
    Accessible.role: Accessible.ListItem
    Accessible.name: group + ", " + words[verdict] + ": " + text

    MutedLabel {
        Layout.preferredWidth: 150
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: 2
        text: root.firstOfGroup ? root.group : ""
        font.weight: Font.Medium
        wrapMode: Text.Wrap
    }
    StateBadge {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: 4
        kind: root.kinds[root.verdict]
    }
    TextLabel {
        Layout.fillWidth: true
        text: root.text
        wrapMode: Text.Wrap
    }
}
