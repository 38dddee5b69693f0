import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// A body, of the request or of the answer: laid out, as a picture, or in hexadecimal.
ColumnLayout {
    id: root

    required property ExchangeModel exchange
    readonly property BodyModel body: side.currentIndex === 0 ? exchange.requestBody : exchange.responseBody

    spacing: Theme.spacingS

    RowLayout {
        spacing: Theme.spacingM

        TabStrip {
            id: side

            names: [qsTr("Request"), qsTr("Answer")]
            currentIndex: 1
            onChosen: index => currentIndex = index
        }
        MutedLabel {
            Layout.fillWidth: true
            text: root.body.ready ? root.body.summary : qsTr("Loading…")
        }
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: text !== ""
        text: root.body.problem
        color: Theme.warning
        wrapMode: Text.Wrap
    }
    TextPane {
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.body.image === "" && !root.body.empty
        text: root.body.text
        label: qsTr("Body")
    }
    Image {
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.body.image !== ""
        source: root.body.image
        sourceSize.width: 2048
        sourceSize.height: 2048
        fillMode: Image.PreserveAspectFit
        asynchronous: true
        cache: false
        Accessible.name: root.body.summary
    }
    MutedLabel {
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.body.ready && root.body.empty
        text: qsTr("There is no body.")
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
}
