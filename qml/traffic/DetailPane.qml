import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The chosen request in full, and what can be done with it.
Rectangle {
    id: root

    required property Session session
    required property double recordId
    required property ReplayModel replay
    readonly property list<string> tabNames: {
        const names = [qsTr("Summary"), qsTr("Headers"), qsTr("Body"), qsTr("Raw"), qsTr("Timing")];
        return shown.hasMessages ? names.concat([qsTr("Messages")]) : names;
    }
    readonly property int tab: Math.min(tabs.wanted, tabNames.length - 1)
    readonly property bool compares: root.replay.answerId === root.recordId && root.recordId > 0
    signal closeRequested
    signal curlRequested(bool withSecrets)

    color: Theme.surface
    border.color: Theme.border
    radius: Theme.radius

    ExchangeModel {
        id: shown

        session: root.session
        recordId: root.recordId
        wantBodies: root.tab === 2 || root.tab === 3
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spacingM
        spacing: Theme.spacingS

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.spacingXs

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                TextLabel {
                    Layout.fillWidth: true
                    text: shown.title
                    font.weight: Font.DemiBold
                    elide: Text.ElideMiddle
                }
                MutedLabel {
                    Layout.fillWidth: true
                    text: shown.subtitle
                    color: shown.failed ? Theme.statusInk(shown.status, true) : Theme.textMuted
                }
            }
            QuietButton {
                readonly property string tip: qsTr("Send again (R)") // for the window's TipFinder

                visible: shown.http
                enabled: !root.replay.busy
                iconName: "replay"
                text: qsTr("Send again")
                onClicked: root.replay.send(root.recordId)
            }
            IconButton {
                visible: shown.http
                iconName: "edit"
                text: qsTr("Edit and send again…")
                onClicked: root.replay.edit(root.recordId)
            }
            IconButton {
                visible: shown.http
                iconName: "terminal"
                text: qsTr("Copy as a curl command (Ctrl+C)")
                onClicked: root.curlRequested(shown.showSecrets)
            }
            IconButton {
                iconName: "close"
                text: qsTr("Close")
                onClicked: root.closeRequested()
            }
        }
        Notice {
            Layout.fillWidth: true
            visible: text !== ""
            kind: Notice.Bad
            text: shown.problem !== "" ? shown.problem : shown.error
        }
        ReplayResult {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: root.compares
            replay: root.replay
        }
        Flow {
            Layout.fillWidth: true
            visible: shown.http && !root.compares
            spacing: Theme.spacingM

            TabStrip {
                id: tabs

                property int wanted: 0

                width: Math.min(implicitWidth, parent.width)
                names: root.tabNames
                currentIndex: root.tab
                onChosen: index => wanted = index
            }
            Toggle {
                height: tabs.height
                visible: shown.hasSecrets
                text: qsTr("Show secrets")
                checked: shown.showSecrets
                onToggled: shown.showSecrets = checked
            }
        }
        StackLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: shown.ready && !root.compares
            currentIndex: shown.http ? root.tab : 0

            SummaryPane {
                exchange: shown
            }
            HeadersPane {
                exchange: shown
            }
            BodyPane {
                exchange: shown
            }
            RawPane {
                exchange: shown
            }
            TimingPane {
                exchange: shown
            }
            MessagesPane {
                exchange: shown
            }
        }
    }
}
