import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The answer to a request that was sent again, beside the original's.
ColumnLayout {
    id: root

    required property ReplayModel replay
    readonly property bool same: replay.headDiff.differences + replay.bodyDiff.differences === 0

    spacing: Theme.spacingS

    RowLayout {
        spacing: Theme.spacingS

        Spinner {
            visible: root.replay.busy
        }
        TextLabel {
            Layout.fillWidth: true
            text: root.replay.busy ? qsTr("Waiting for the answer. After a minute of silence it is given up.") : qsTr("Sent again: %1, before: %2").arg(root.replay.after).arg(root.replay.before)
            wrapMode: Text.Wrap
        }
        QuietButton {
            text: root.replay.busy ? qsTr("Stop") : qsTr("Show details")
            onClicked: root.replay.close()
        }
    }
    Notice {
        Layout.fillWidth: true
        visible: root.replay.ready && root.same
        kind: Notice.Good
        text: root.replay.cut ? qsTr("What was compared is the same.") : qsTr("The answer is the same.")
    }
    MutedLabel {
        Layout.fillWidth: true
        visible: root.replay.cut
        text: qsTr("The bodies are long: only the first 4 MB of each were compared.")
        wrapMode: Text.Wrap
    }
    TabStrip {
        visible: root.replay.ready
        names: [qsTr("Head (%1)").arg(root.replay.headDiff.differences), qsTr("Body (%1)").arg(root.replay.bodyDiff.differences)]
        currentIndex: root.replay.part
        onChosen: index => root.replay.part = index
    }
    DiffView {
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.replay.ready
        lines: root.replay.part === 0 ? root.replay.headDiff : root.replay.bodyDiff
    }
    Item {
        Layout.fillHeight: true
        visible: !root.replay.ready
    }
}
