import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Headers of the request and of the answer. Secrets are hidden until they are asked for.
ScrollArea {
    id: root

    required property ExchangeModel exchange

    contentWidth: availableWidth
    clip: true
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Headers")
    Keys.forwardTo: [keys]

    KeyScroll {
        id: keys

        view: root.contentItem as Flickable
        owner: root
    }
    ColumnLayout {
        x: Theme.spacingS
        width: root.availableWidth - Theme.spacingS - Theme.spacingM
        spacing: Theme.spacingS

        MutedLabel {
            Layout.topMargin: Theme.spacingXs
            text: qsTr("Request")
            font.weight: Font.DemiBold
        }
        Repeater {
            model: root.exchange.requestHeaders

            NamedValueRow {
                Layout.fillWidth: true
                nameWidth: 140
                mono: true
            }
        }
        MutedLabel {
            Layout.topMargin: Theme.spacingM
            text: qsTr("Answer")
            font.weight: Font.DemiBold
        }
        Repeater {
            model: root.exchange.responseHeaders

            NamedValueRow {
                Layout.fillWidth: true
                nameWidth: 140
                mono: true
            }
        }
    }
}
