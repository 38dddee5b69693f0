import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The messages of a WebSocket or an event stream.
ListView {
    id: root

    required property ExchangeModel exchange

    clip: true
    spacing: Theme.spacingXs
    topMargin: Theme.spacingXs
    boundsBehavior: Flickable.StopAtBounds
    model: root.exchange.messages
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Messages")
    keyNavigationEnabled: false
    Keys.forwardTo: [keys]
    T.ScrollBar.vertical: SlimScrollBar {}
    delegate: RowLayout {
        id: message

        required property string at
        required property bool outgoing
        required property string kind
        required property string text
        required property string size

        x: Theme.spacingS
        width: ListView.view ? ListView.view.width - Theme.spacingS - Theme.spacingM : 0
        spacing: Theme.spacingS
        Accessible.role: Accessible.ListItem
        Accessible.name: (outgoing ? qsTr("To the visitor: ") : qsTr("From the visitor: ")) + text

        MutedLabel {
            Layout.preferredWidth: 76
            Layout.alignment: Qt.AlignBaseline
            text: message.at
            horizontalAlignment: Text.AlignRight
        }
        TextLabel {
            Layout.alignment: Qt.AlignBaseline
            text: message.outgoing ? "←" : "→"
            color: message.outgoing ? Theme.good : Theme.accent
        }
        TextLabel {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignBaseline
            text: message.text
            font.family: Theme.monospace
            font.pixelSize: Theme.fontSmall
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 12
        }
        MutedLabel {
            Layout.alignment: Qt.AlignBaseline
            text: message.kind + ", " + message.size
        }
    }

    KeyScroll {
        id: keys

        view: root
        owner: root
    }
}
