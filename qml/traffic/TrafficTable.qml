pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The rows, newest first. At the top it follows what comes; scrolled down it stays where it is.
Rectangle {
    id: root

    required property TrafficModel model
    required property Session session
    signal replayRequested
    signal curlRequested

    function takeKeyboard() {
        list.forceActiveFocus();
    }

    function move(steps: int) {
        const row = root.model.moveSelection(steps);
        if (row >= 0)
            list.positionViewAtIndex(row, ListView.Contain);
    }

    // The detail that opens takes room from the table; the row that it is of stays in sight.
    function showSelected() {
        const row = root.model.selectedId > 0 ? root.model.rowOf(root.model.selectedId) : -1;
        if (row >= 0)
            list.positionViewAtIndex(row, ListView.Contain);
    }

    color: Theme.surface
    border.color: Theme.border
    radius: Theme.radius
    Component.onCompleted: {
        list.focus = true; // within the view that it has come into by now
        Qt.callLater(root.showSelected); // qmllint disable
    }

    Connections {
        target: root.model

        function onSelectedIdChanged() {
            Qt.callLater(root.showSelected); // qmllint disable
        }
    }
    Columns {
        id: widths

        available: root.width - 14
        dated: root.model.dated
    }
    TrafficHeader {
        id: header

        width: parent.width
        columns: widths
    }
    ListView {
        id: list

        property bool follows: true

        anchors.fill: parent
        anchors.topMargin: header.height + 2
        anchors.margins: 2
        clip: true
        model: root.model
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        highlightFollowsCurrentItem: false
        currentIndex: -1
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Requests")
        onMovementStarted: follows = false
        onMovementEnded: follows = atYBeginning
        onHeightChanged: root.showSelected()
        onCountChanged: if (follows)
            positionViewAtBeginning()
        Keys.onUpPressed: root.move(-1)
        Keys.onDownPressed: root.move(1)
        Keys.onSpacePressed: root.model.paused = !root.model.paused
        Keys.onPressed: event => {
            event.accepted = true;
            if (event.key === Qt.Key_C && event.modifiers === Qt.ControlModifier)
                root.curlRequested();
            else if (event.key === Qt.Key_R && event.modifiers === Qt.NoModifier)
                root.replayRequested();
            else if (event.key === Qt.Key_PageDown)
                root.move(Math.floor(height / Theme.rowHeight));
            else if (event.key === Qt.Key_PageUp)
                root.move(-Math.floor(height / Theme.rowHeight));
            else if (event.key === Qt.Key_Home)
                root.move(-root.model.count);
            else
                event.accepted = false;
        }

        T.ScrollBar.vertical: SlimScrollBar {
            onPressedChanged: if (pressed)
                list.follows = false
            else
                list.follows = list.atYBeginning
        }
        delegate: TrafficRow {
            width: ListView.view ? ListView.view.width : 0
            columns: widths
            selectedId: root.model.selectedId
            keyboard: ListView.view ? ListView.view.activeFocus : false
            onChosen: root.model.selectedId = recordId
        }

        TapHandler {
            onTapped: point => {
                list.forceActiveFocus();
                const item = list.itemAt(point.position.x, point.position.y + list.contentY) as TrafficRow;
                if (item)
                    root.model.selectedId = item.recordId;
            }
        }
        WheelHandler {
            target: null
            onWheel: event => {
                const end = Math.max(list.originY, list.originY + list.contentHeight - list.height);
                list.contentY = Math.max(list.originY, Math.min(end, list.contentY - event.angleDelta.y * 0.9));
                list.follows = list.atYBeginning;
            }
        }
    }
    TrafficEmpty {
        anchors.centerIn: parent
        width: Math.min(460, parent.width - 2 * Theme.spacingXl)
        visible: root.model.count === 0 && !root.model.loading
        model: root.model
        session: root.session
    }
}
