import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Requests as they come, and the chosen one in full beside them.
FocusScope {
    id: root

    required property Session session
    readonly property TrafficModel rows: session.traffic
    readonly property bool wide: width >= 900

    focus: true
    // The detail goes first, wherever in it the keyboard is; then the page.
    Keys.onEscapePressed: event => {
        event.accepted = rows.selectedId > 0;
        rows.selectedId = 0;
        if (event.accepted)
            table.takeKeyboard();
    }

    ReplayModel {
        id: replays

        session: root.session
        onDraftReady: editor.open()
        onSent: answerId => root.rows.selectedId = answerId
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spacingXl
        anchors.bottomMargin: Theme.spacingL
        spacing: Theme.spacingM

        PageHeader {
            Layout.fillWidth: true
            title: qsTr("Live traffic")
            subtitle: root.rows.paused ? qsTr("Paused. %n new request(s) wait.", "", root.rows.missed) : root.rows.recording ? qsTr("Requests while they happen, the newest first.") : qsTr("Recording is switched off.")

            IconButton {
                iconName: root.rows.paused ? "play" : "pause"
                text: root.rows.paused ? qsTr("Go on (Space)") : qsTr("Pause (Space)")
                ink: root.rows.paused ? Theme.accent : Theme.textMuted
                onClicked: root.rows.paused = !root.rows.paused
            }
            IconButton {
                iconName: "download"
                text: qsTr("Export…")
                enabled: root.rows.count > 0
                onClicked: exporting.open()
            }
            IconButton {
                iconName: "remove"
                text: qsTr("Clear the history")
                enabled: root.rows.count > 0
                onClicked: clearing.open()
            }
        }
        FilterBar {
            id: bar

            Layout.fillWidth: true
            filter: root.rows.filter
            tunnels: root.rows.tunnels // qmllint disable
        }
        T.SplitView {
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            orientation: root.wide ? Qt.Horizontal : Qt.Vertical

            handle: Item {
                implicitWidth: Theme.spacingM
                implicitHeight: Theme.spacingM
            }

            TrafficTable {
                id: table

                T.SplitView.fillWidth: true
                T.SplitView.fillHeight: true
                T.SplitView.minimumWidth: 280
                T.SplitView.minimumHeight: 140
                model: root.rows
                session: root.session
                onReplayRequested: replays.send(root.rows.selectedId)
                onCurlRequested: root.rows.copyCurl(root.rows.selectedId, false)
            }
            DetailPane {
                T.SplitView.preferredWidth: Math.max(360, root.width * 0.44)
                T.SplitView.preferredHeight: root.height * 0.5
                T.SplitView.minimumWidth: 320
                T.SplitView.minimumHeight: 160
                visible: root.rows.selectedId > 0
                session: root.session
                recordId: root.rows.selectedId
                replay: replays
                onCloseRequested: root.rows.selectedId = 0
                onCurlRequested: withSecrets => root.rows.copyCurl(root.rows.selectedId, withSecrets)
            }
        }
    }
    Shortcut {
        sequence: "Ctrl+F"
        onActivated: bar.focusText()
    }
    ReplayEditor {
        id: editor

        replay: replays
        asking: discarding.visible
        onDiscardRequested: discarding.open()
    }
    ConfirmDialog {
        id: discarding

        title: qsTr("Discard the changes?")
        question: qsTr("What was changed in the request is lost.")
        action: qsTr("Discard")
        onConfirmed: editor.close()
    }
    ExportDialog {
        id: exporting

        traffic: root.rows
    }
    ConfirmDialog {
        id: clearing

        title: qsTr("Clear the history?")
        question: qsTr("All recorded requests and their bodies are removed from this computer. This can't be undone.")
        action: qsTr("Clear")
        onConfirmed: root.rows.clear()
    }
}
