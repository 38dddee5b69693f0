import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Requests as they come, and the chosen one in full beside them.
Item {
    id: root

    required property Session session
    readonly property bool wide: width >= 900

    TrafficModel {
        id: rows

        session: root.session
        Component.onCompleted: selectedId = Number(root.session.takeArgument())
    }
    ReplayModel {
        id: replays

        session: root.session
        onDraftReady: editor.open()
        onSent: answerId => rows.selectedId = answerId
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spacingXl
        anchors.bottomMargin: Theme.spacingL
        spacing: Theme.spacingM

        PageHeader {
            Layout.fillWidth: true
            title: qsTr("Live traffic")
            subtitle: rows.paused ? qsTr("Paused. %n new request(s) wait.", "", rows.missed) : rows.recording ? qsTr("Requests while they happen, the newest first.") : qsTr("Recording is switched off.")

            IconButton {
                iconName: rows.paused ? "play" : "pause"
                text: rows.paused ? qsTr("Go on (Space)") : qsTr("Pause (Space)")
                ink: rows.paused ? Theme.accent : Theme.textMuted
                onClicked: rows.paused = !rows.paused
            }
            IconButton {
                iconName: "download"
                text: qsTr("Export as HAR")
                enabled: rows.count > 0
                onClicked: exporting.open()
            }
            IconButton {
                iconName: "remove"
                text: qsTr("Clear the history")
                enabled: rows.count > 0
                onClicked: clearing.open()
            }
        }
        FilterBar {
            id: bar

            Layout.fillWidth: true
            filter: rows.filter
            tunnels: rows.tunnels // qmllint disable
        }
        T.SplitView {
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
                model: rows
                session: root.session
                onReplayRequested: replays.send(rows.selectedId)
                onCurlRequested: rows.copyCurl(rows.selectedId, false)
            }
            DetailPane {
                T.SplitView.preferredWidth: Math.max(360, root.width * 0.44)
                T.SplitView.preferredHeight: root.height * 0.5
                T.SplitView.minimumWidth: 320
                T.SplitView.minimumHeight: 160
                visible: rows.selectedId > 0
                session: root.session
                recordId: rows.selectedId
                replay: replays
                onCloseRequested: rows.selectedId = 0
                onCurlRequested: withSecrets => rows.copyCurl(rows.selectedId, withSecrets)
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
    }
    ExportDialog {
        id: exporting

        traffic: rows
    }
    ConfirmDialog {
        id: clearing

        title: qsTr("Clear the history?")
        question: qsTr("All recorded requests and their bodies are removed from this computer. This can't be undone.")
        action: qsTr("Clear")
        onConfirmed: rows.clear()
    }
}
