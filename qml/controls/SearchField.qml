import QtQuick
import Sallyport.Graphics
import Sallyport.Theme

// A field to look for something; Esc empties it.
InputField {
    id: root

    leftPadding: 34
    rightPadding: 34
    implicitWidth: 220
    placeholderText: qsTr("Search")
    Accessible.role: Accessible.EditableText
    Accessible.name: placeholderText
    Keys.onEscapePressed: event => {
        event.accepted = root.text !== "";
        root.clear();
    }

    Icon {
        anchors.left: parent.left
        anchors.leftMargin: 10
        anchors.verticalCenter: parent.verticalCenter
        width: 16
        height: 16
        name: "search"
        color: Theme.textMuted
    }
    IconButton {
        anchors.right: parent.right
        anchors.rightMargin: 3
        anchors.verticalCenter: parent.verticalCenter
        implicitWidth: 26
        implicitHeight: 26
        visible: root.text !== ""
        iconName: "close"
        text: qsTr("Clear")
        onClicked: root.clear()
    }
}
