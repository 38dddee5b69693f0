import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Takes over tunnels from another program's configuration: a file, what it would become, and what
// cannot be taken over.
AppDialog {
    id: root

    required property Session session

    holdsInput: true
    title: qsTr("Import tunnels")
    width: Math.min(620, (parent ? parent.width : 640) - 2 * Theme.spacingXl)
    onAboutToShow: model.clear()

    ImportModel {
        id: model

        session: root.session
        onAdded: tunnels => {
            root.close();
            root.session.say(qsTr("%n tunnel(s) added", "", tunnels), Session.Good);
        }
    }
    FileDialog {
        id: files

        title: qsTr("Configuration of another tunnel program")
        onAccepted: model.load(selectedFile)
    }

    TextLabel {
        Layout.fillWidth: true
        visible: !model.loaded
        text: qsTr("Configurations of ngrok, frp, cloudflared and rathole can be taken over. Credentials of the other system stay behind.")
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }
    Notice {
        Layout.fillWidth: true
        visible: model.error !== ""
        kind: Notice.Bad
        text: model.error
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: model.loaded
        text: model.source
        elide: Text.ElideMiddle
    }
    ImportList {
        Layout.fillWidth: true
        visible: model.loaded
        model: model
        onToggled: (row, chosen) => model.setChosen(row, chosen)
    }
    ImportNotes {
        Layout.fillWidth: true
        visible: model.notes.length > 0
        notes: model.notes
    }

    buttons: [
        QuietButton {
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        QuietButton {
            visible: model.loaded
            text: qsTr("Other file…")
            onClicked: files.open()
        },
        PrimaryButton {
            visible: !model.loaded
            text: qsTr("Choose file…")
            focus: true
            onClicked: files.open()
        },
        PrimaryButton {
            visible: model.loaded
            enabled: model.chosenCount > 0 && !model.busy
            text: qsTr("Add %n tunnel(s)", "", model.chosenCount)
            onClicked: model.add()
        }
    ]
}
