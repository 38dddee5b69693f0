import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What the agent said.
FocusScope {
    id: root

    required property Session session

    focus: true

    LogModel {
        id: log

        session: root.session
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spacingXl
        spacing: Theme.spacingL

        PageHeader {
            Layout.fillWidth: true
            title: qsTr("Log")
            subtitle: qsTr("What the agent did, the newest last.")

            QuietButton {
                text: qsTr("Copy")
                iconName: "copy"
                enabled: log.count > 0
                onClicked: log.copyAll()
            }
        }
        RowLayout {
            spacing: Theme.spacingM

            SearchField {
                id: search

                Layout.preferredWidth: 280
                placeholderText: qsTr("Search (Ctrl+F)")
                onTextChanged: log.text = text
            }
            Toggle {
                text: qsTr("Warnings only")
                onToggled: log.warningsOnly = checked
            }
        }
        Card {
            Layout.fillWidth: true
            Layout.fillHeight: true
            focus: true
            padding: Theme.spacingM

            ListView {
                id: list

                // The newest line is in sight, and stays so when more come.
                property bool following: true

                function follow() {
                    if (following)
                        toEnd.start();
                }

                clip: true
                focus: true
                model: log
                spacing: Theme.spacingXs
                boundsBehavior: Flickable.StopAtBounds
                activeFocusOnTab: true
                reuseItems: true
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Log")
                T.ScrollBar.vertical: SlimScrollBar {}
                Component.onCompleted: positionViewAtEnd()

                onContentYChanged: following = contentY >= originY + contentHeight - height - 1
                onHeightChanged: follow()

                // After the view has taken the lines in.
                Timer {
                    id: toEnd

                    interval: 0
                    onTriggered: list.positionViewAtEnd()
                }
                Connections {
                    target: log

                    function onRowsInserted() {
                        list.follow();
                    }
                    function onModelReset() {
                        list.following = true;
                        list.follow();
                    }
                }
                delegate: LogRow {
                    width: ListView.view ? ListView.view.width - Theme.spacingM : 0
                }

                MutedLabel {
                    anchors.centerIn: parent
                    visible: log.count === 0
                    text: qsTr("There are no lines to show.")
                }
            }
        }
    }
    Shortcut {
        sequence: "Ctrl+F"
        onActivated: search.forceActiveFocus()
    }
}
