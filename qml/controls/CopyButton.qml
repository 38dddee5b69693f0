import QtQuick
import Sallyport.Theme

// Asks for `value` to be copied and shows for a moment that it was.
IconButton {
    id: root

    required property string value
    signal copyRequested(string value)

    text: qsTr("Copy")
    iconName: done.running ? "check" : "copy"
    ink: done.running ? Theme.good : Theme.textMuted
    enabled: value !== ""
    onClicked: {
        root.copyRequested(root.value);
        done.restart();
    }

    Timer {
        id: done

        interval: 1500
    }
}
