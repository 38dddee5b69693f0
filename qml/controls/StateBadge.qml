import QtQuick
import QtQuick.Layouts
import Sallyport.Graphics
import Sallyport.Theme

// A state by shape, colour and text.
RowLayout {
    id: root

    enum Kind {
        Off,
        Good,
        Busy,
        Warning,
        Bad,
        Paused
    }
    property int kind: StateBadge.Off
    property string text
    readonly property list<string> shapes: ["state-off", "state-good", "state-busy", "state-warning", "state-bad", "state-paused"]
    readonly property list<color> colors: [Theme.textMuted, Theme.good, Theme.accent, Theme.warning, Theme.bad, Theme.textMuted]

    // A layout within a layout would take all room.
    Layout.fillWidth: false
    spacing: 6
    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Icon {
        Layout.preferredWidth: 11
        Layout.preferredHeight: 11
        name: root.shapes[root.kind]
        color: root.colors[root.kind]
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.text
        color: root.colors[root.kind]
        font.weight: Font.Medium
    }
}
