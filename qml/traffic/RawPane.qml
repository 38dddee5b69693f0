import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Request and answer as one text each.
ColumnLayout {
    id: root

    required property ExchangeModel exchange

    spacing: Theme.spacingS

    TabStrip {
        id: side

        names: [qsTr("Request"), qsTr("Answer")]
        onChosen: index => currentIndex = index
    }
    TextPane {
        Layout.fillWidth: true
        Layout.fillHeight: true
        text: side.currentIndex === 0 ? root.exchange.rawRequest : root.exchange.rawResponse
        label: side.names[side.currentIndex]
    }
}
