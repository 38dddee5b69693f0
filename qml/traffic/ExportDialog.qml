import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Asks where the requests that the filter finds go: an archive for a browser's network panel, or an
// .http file. It stays until they are there.
AppDialog {
    id: root

    required property TrafficModel traffic

    holdsInput: true
    closePolicy: exporter.busy ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape
    title: qsTr("Export requests")
    onAboutToShow: {
        exporter.suggestFile();
        secrets.checked = false;
    }
    onOpened: file.input.forceActiveFocus()

    TrafficExport {
        id: exporter

        traffic: root.traffic
        onFinished: root.close()
    }
    FileChooser {
        id: files

        title: qsTr("Export requests")
        saves: true
        onChosen: file => exporter.setUrl(file)
    }

    TextLabel {
        Layout.fillWidth: true
        text: qsTr("All requests that the filter finds are written, not only those that are loaded.")
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }
    TabStrip {
        enabled: !exporter.busy
        names: [qsTr("HAR archive"), qsTr("HTTP file")]
        currentIndex: exporter.format
        Accessible.name: qsTr("Format")
        onChosen: index => exporter.format = index
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.spacingS

        Field {
            id: file

            Layout.fillWidth: true
            enabled: !exporter.busy
            label: qsTr("File")
            text: exporter.file
            onEdited: text => exporter.file = text
            onAccepted: if (go.enabled)
                go.clicked()
        }
        QuietButton {
            Layout.alignment: Qt.AlignBottom
            enabled: !exporter.busy
            text: qsTr("Choose…")
            onClicked: files.open(exporter.url())
        }
    }
    Toggle {
        id: secrets

        Layout.fillWidth: true
        enabled: !exporter.busy
        text: qsTr("With passwords, tokens and cookies")
    }
    Notice {
        Layout.fillWidth: true
        visible: exporter.exists && !exporter.busy && exporter.problem === ""
        kind: Notice.Warning
        text: qsTr("This file is there already and would be replaced.")
    }
    Notice {
        Layout.fillWidth: true
        visible: exporter.problem !== ""
        kind: Notice.Bad
        text: exporter.problem
    }
    RowLayout {
        visible: exporter.busy
        spacing: Theme.spacingS

        Spinner {}
        TextLabel {
            Layout.fillWidth: true
            text: exporter.total > 0 ? qsTr("%1 of %2 are written.").arg(exporter.done).arg(exporter.total) : qsTr("Looking for the requests…")
        }
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: exporter.busy ? exporter.cancel() : root.close()
        },
        PrimaryButton {
            id: go

            text: exporter.exists && !exporter.busy ? qsTr("Replace") : qsTr("Export")
            enabled: exporter.file !== "" && !exporter.busy
            onClicked: exporter.start(secrets.checked, exporter.exists)
        }
    ]
}
