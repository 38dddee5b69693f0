import QtQuick
import QtQuick.Layouts
import Sallyport.Graphics
import Sallyport.Theme

// What is shown where nothing is yet: what would be here, and what to do for it.
ColumnLayout {
    id: root

    required property string iconName
    required property string title
    property string text
    default property alias actions: buttons.data

    spacing: Theme.spacingS

    Rectangle {
        Layout.alignment: Qt.AlignHCenter
        Layout.bottomMargin: Theme.spacingS
        implicitWidth: 64
        implicitHeight: 64
        radius: 32
        color: Theme.accentSoft

        Icon {
            anchors.centerIn: parent
            width: 30
            height: 30
            name: root.iconName
            color: Theme.accent
        }
    }
    TitleLabel {
        Layout.fillWidth: true
        text: root.title
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
    }
    TextLabel {
        Layout.fillWidth: true
        Layout.maximumWidth: 420
        Layout.alignment: Qt.AlignHCenter
        visible: text !== ""
        text: root.text
        color: Theme.textMuted
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.WordWrap
        lineHeight: 1.2
    }
    RowLayout {
        id: buttons

        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.spacingM
        spacing: Theme.spacingS
    }
}
