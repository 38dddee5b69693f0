import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Lines that went and lines that came, by sign as well as colour.
ListView {
    id: root

    required property DiffModel lines

    clip: true
    topMargin: Theme.spacingXs
    boundsBehavior: Flickable.StopAtBounds
    model: root.lines
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Differences")
    keyNavigationEnabled: false
    Keys.forwardTo: [keys]
    T.ScrollBar.vertical: SlimScrollBar {}
    delegate: Rectangle {
        id: line

        required property string text
        required property bool added
        required property bool removed

        width: ListView.view ? ListView.view.width : 0
        implicitHeight: label.implicitHeight + 2
        color: added ? Theme.goodSoft : removed ? Theme.badSoft : "transparent"
        Accessible.role: Accessible.StaticText
        Accessible.name: (added ? qsTr("New: ") : removed ? qsTr("Gone: ") : "") + text

        TextLabel {
            id: label

            x: Theme.spacingS
            width: parent.width - 2 * Theme.spacingS
            text: (line.added ? "+ " : line.removed ? "− " : "  ") + line.text
            color: line.added ? Theme.good : line.removed ? Theme.bad : Theme.text
            font.family: Theme.monospace
            font.pixelSize: Theme.fontSmall
            wrapMode: Text.WrapAnywhere
        }
    }

    KeyScroll {
        id: keys

        view: root
        owner: root
    }
}
