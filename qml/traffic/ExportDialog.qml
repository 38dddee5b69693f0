import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Asks where the rows that are shown go as a HAR file, which a browser's network panel opens.
AppDialog {
    id: root

    required property TrafficModel traffic

    holdsInput: true
    title: qsTr("Export as HAR")
    onAboutToShow: {
        file.text = root.traffic.suggestedFile();
        secrets.checked = false;
    }
    onOpened: file.input.forceActiveFocus()

    TextLabel {
        Layout.fillWidth: true
        text: qsTr("The rows that the filter shows are written, as far as they are loaded.")
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }
    Field {
        id: file

        Layout.fillWidth: true
        label: qsTr("File")
    }
    Toggle {
        id: secrets

        Layout.fillWidth: true
        text: qsTr("With passwords, tokens and cookies")
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        PrimaryButton {
            text: qsTr("Export")
            enabled: file.text !== ""
            onClicked: {
                root.close();
                root.traffic.exportHar(file.text, secrets.checked);
            }
        }
    ]
}
