import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Takes over tunnels from another program's configuration: a file, what it would become, and what
// cannot be taken over.
AppDialog {
    id: root

    required property Session session

    holdsInput: true
    // What is being added has to be seen through, or stopped.
    closePolicy: model.busy ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape
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
    FileChooser {
        id: files

        title: qsTr("Configuration of another tunnel program")
        onChosen: file => model.load(file)
    }

    TextLabel {
        Layout.fillWidth: true
        visible: !model.loaded
        text: qsTr("Configurations of ngrok, frp, cloudflared and rathole can be taken over. Credentials of the other system stay behind; visitors' passwords come along.")
        color: Theme.textMuted
        wrapMode: Text.Wrap
    }
    Notice {
        Layout.fillWidth: true
        visible: model.error !== ""
        kind: Notice.Bad
        text: model.error
    }
    RowLayout {
        visible: model.loaded
        spacing: Theme.spacingM

        MutedLabel {
            Layout.fillWidth: true
            text: model.source
            elide: Text.ElideMiddle
        }
        QuietButton {
            enabled: !model.busy
            text: qsTr("Other file…")
            onClicked: files.open()
        }
    }
    ImportList {
        Layout.fillWidth: true
        visible: model.loaded
        model: model
        busy: model.busy
        onToggled: (row, chosen) => model.setChosen(row, chosen)
    }
    ImportNotes {
        Layout.fillWidth: true
        visible: model.notes.length > 0
        notes: model.notes
    }

    buttons: [
        QuietButton {
            visible: !model.busy
            text: qsTr("Cancel")
            onClicked: root.close()
        },
        QuietButton {
            visible: model.busy
            text: qsTr("Stop")
            onClicked: model.stop()
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
