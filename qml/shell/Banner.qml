import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What keeps the tunnels from working, above every page, with the way out.
ColumnLayout {
    id: root

    required property Session session
    readonly property bool refused: session.state === Session.Refused
    readonly property bool waiting: session.state === Session.Waiting
    readonly property bool detached: session.state === Session.ServiceAway
    readonly property bool badConfig: session.configProblem !== ""
    readonly property bool unwritten: session.storageProblem !== ""
    readonly property bool trayless: session.trayMissing && !trayNoteClosed
    property bool trayNoteClosed: false

    // Not by the notices' own `visible`, which is false as long as this is.
    visible: refused || waiting || detached || badConfig || unwritten || trayless
    spacing: Theme.spacingS

    Notice {
        Layout.fillWidth: true
        visible: root.waiting || root.detached
        kind: Notice.Warning
        text: root.session.problem
        remark: root.waiting && root.session.nextTryIn > 0 ? qsTr("Next try in %1 s").arg(root.session.nextTryIn) : ""

        QuietButton {
            visible: root.waiting
            text: qsTr("Try now")
            iconName: "refresh"
            onClicked: root.session.retryNow()
        }
        QuietButton {
            visible: root.detached
            text: qsTr("Run it here")
            iconName: "play"
            onClicked: root.session.takeOver()
        }
    }
    Notice {
        Layout.fillWidth: true
        visible: root.refused
        kind: Notice.Bad
        text: root.session.problem

        QuietButton {
            visible: root.session.currentPage !== "accounts"
            text: qsTr("Accounts")
            iconName: "accounts"
            onClicked: root.session.open("accounts")
        }
    }
    Notice {
        Layout.fillWidth: true
        visible: root.badConfig
        kind: Notice.Bad
        text: qsTr("The configuration can't be used; it is read again when the file changes.") + "\n" + root.session.configProblem
    }
    Notice {
        Layout.fillWidth: true
        visible: root.unwritten
        kind: Notice.Warning
        text: root.session.storageProblem
    }
    Notice {
        Layout.fillWidth: true
        visible: root.trayless
        text: qsTr("This desktop has no tray, so closing the window quits Sallyport. Everything else works.")

        IconButton {
            iconName: "close"
            text: qsTr("Close")
            onClicked: root.trayNoteClosed = true
        }
    }
}
