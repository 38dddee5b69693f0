import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// A sentence that goes by itself, at the bottom of the window. Made anew for each.
Rectangle {
    id: root

    required property string text
    required property int kind // Session.ToastKind

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

        running: true
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
            name: root.kind === Session.Bad ? "error" : root.kind === Session.Good ? "check" : "info"
            color: root.kind === Session.Bad ? Theme.bad : root.kind === Session.Good ? Theme.good : Theme.accent
        }
        TextLabel {
            Layout.fillWidth: true
            text: root.text
            wrapMode: Text.Wrap
            maximumLineCount: 4
        }
    }
}
