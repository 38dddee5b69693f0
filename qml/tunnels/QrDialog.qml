import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.ViewModels

// An address for a telephone's camera.
AppDialog {
    id: root

    required property Session session
    property string url

    function show(url: string) {
        root.url = url;
        root.open();
    }

    title: qsTr("Scan to open")
    width: 340

    QrCode {
        Layout.fillWidth: true
        Layout.preferredHeight: width
        text: root.url
        Accessible.role: Accessible.Graphic
        Accessible.name: qsTr("QR code of %1").arg(root.url)
    }
    TextLabel {
        Layout.fillWidth: true
        text: root.url
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WrapAnywhere
        maximumLineCount: 4
    }

    buttons: [
        QuietButton {
            text: qsTr("Copy")
            iconName: "copy"
            onClicked: root.session.copy(root.url, qsTr("Address copied"))
        },
        PrimaryButton {
            text: qsTr("Close")
            focus: true
            onClicked: root.close()
        }
    ]
}
