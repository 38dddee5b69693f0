import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme

// What the program is for, in one sentence.
ColumnLayout {
    id: root

    required property bool first
    required property bool replacing

    spacing: Theme.spacingS

    Rectangle {
        Layout.alignment: Qt.AlignHCenter
        Layout.bottomMargin: Theme.spacingS
        implicitWidth: 72
        implicitHeight: 72
        radius: 20
        color: Theme.accent

        Icon {
            anchors.centerIn: parent
            width: 42
            height: 42
            name: "door"
            color: Theme.accentText
        }
    }
    TextLabel {
        Layout.fillWidth: true
        text: root.first ? qsTr("Welcome to Sallyport") : root.replacing ? qsTr("Replace the token") : qsTr("Add a relay")
        font.pixelSize: Theme.fontHeading + 4
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    TextLabel {
        Layout.fillWidth: true
        Layout.maximumWidth: 390
        Layout.alignment: Qt.AlignHCenter
        text: qsTr("Give a service on this computer a public address, through a relay of your own.")
        color: Theme.textMuted
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        lineHeight: 1.2
    }
}
