import QtQuick
import QtQuick.Layouts
import Sallyport.Graphics
import Sallyport.Theme

// A sentence that goes by itself, at the bottom of the window.
Rectangle {
    id: root

    property string text
    property int kind: Notice.Info
    readonly property list<color> inks: [Theme.accent, Theme.good, Theme.warning, Theme.bad]
    readonly property list<string> icons: ["info", "check", "warning", "error"]

    function show(message: string, kind: int) {
        root.text = message;
        root.kind = kind;
        life.restart();
    }

    implicitWidth: row.implicitWidth + 2 * Theme.spacingL
    implicitHeight: row.implicitHeight + 2 * Theme.spacingM
    opacity: life.running ? 1 : 0
    visible: opacity > 0
    color: Theme.surfaceRaised
    border.color: Theme.border
    radius: Theme.radius
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Behavior on opacity {
        NumberAnimation {
            duration: 120
        }
    }
    Timer {
        id: life

        // Long sentences stay longer.
        interval: 2500 + 40 * root.text.length
    }
    RowLayout {
        id: row

        anchors.centerIn: parent
        width: Math.min(implicitWidth, root.width - 2 * Theme.spacingL)
        spacing: Theme.spacingS

        Icon {
            Layout.preferredWidth: 18
            Layout.preferredHeight: 18
            name: root.icons[root.kind]
            color: root.inks[root.kind]
        }
        TextLabel {
            Layout.fillWidth: true
            text: root.text
            wrapMode: Text.Wrap
            maximumLineCount: 4
        }
    }
}
