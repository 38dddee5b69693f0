import QtQuick

Window {
    width: 1080
    height: 720
    visible: true

    Text {
        anchors.centerIn: parent
        text: "empty"
    }
}
