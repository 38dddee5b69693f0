pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The cards, as many beside each other as there is room. Only those in sight exist. The keys move
// from card to card; Tab goes through the buttons of one card, then on.
GridView {
    id: root

    required property TunnelsModel tunnels
    required property Session session
    readonly property int spacing: Theme.spacingL
    readonly property int columns: Math.max(1, Math.floor(width / 380))
    // The card that Tab comes to.
    readonly property int entry: currentIndex >= 0 ? currentIndex : indexAt(1, contentY + 1)
    signal qrRequested(string url)
    signal removeRequested(string ref)

    // Brings a tunnel into sight; an unknown or empty name does nothing.
    function show(ref: string) {
        const row = ref === "" ? -1 : tunnels.rowOf(ref);
        if (row < 0)
            return;
        root.currentIndex = row;
        root.positionViewAtIndex(row, GridView.Center);
    }
    // Whether the key was one that moves.
    function move(key: int): bool {
        const page = Math.max(1, Math.floor(height / cellHeight)) * columns;
        const arrow = key === Qt.Key_Up || key === Qt.Key_Down || key === Qt.Key_Left || key === Qt.Key_Right;
        if (key === Qt.Key_Home || (arrow && currentIndex < 0))
            currentIndex = Math.min(0, count - 1);
        else if (key === Qt.Key_End)
            currentIndex = count - 1;
        else if (key === Qt.Key_PageDown)
            currentIndex = Math.min(count - 1, Math.max(0, currentIndex) + page);
        else if (key === Qt.Key_PageUp)
            currentIndex = Math.max(Math.min(0, count - 1), currentIndex - page);
        else
            return false;
        return true;
    }
    // Not for the mouse: a card must not move away below the pointer.
    function keepInSight(index: int) {
        const item = Window.activeFocusItem;
        // Only controls have a reason.
        if (item?.focusReason !== Qt.MouseFocusReason) // qmllint disable
            positionViewAtIndex(index, GridView.Contain);
    }

    model: tunnels
    clip: true
    cellWidth: Math.floor(width / columns)
    cellHeight: 196 + spacing
    cacheBuffer: 400
    boundsBehavior: Flickable.StopAtBounds
    reuseItems: true
    keyNavigationEnabled: true
    highlightFollowsCurrentItem: false
    currentIndex: -1
    Keys.onPressed: event => event.accepted = event.modifiers === Qt.NoModifier && root.move(event.key)
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Tunnels")
    T.ScrollBar.vertical: SlimScrollBar {}

    delegate: FocusScope {
        id: cell

        required property int index
        required property string ref
        required property string kind
        required property string url
        required property bool live
        required property string shortUrl
        required property string upstream
        required property string access
        required property int tunnelState
        required property string stateText
        required property string problem
        required property string bytesIn
        required property string bytesOut
        required property string rate
        required property string latency
        required property list<real> history

        width: root.cellWidth
        height: root.cellHeight
        activeFocusOnTab: index === root.entry
        Accessible.role: Accessible.ListItem
        Accessible.name: qsTr("%1, %2").arg(ref).arg(stateText)
        onActiveFocusChanged: {
            if (!activeFocus)
                return;
            root.currentIndex = index;
            root.keepInSight(index);
        }

        TunnelTile {
            anchors.fill: parent
            anchors.margins: root.spacing / 2
            anchors.topMargin: 3
            anchors.bottomMargin: root.spacing - 3
            selected: cell.activeFocus
            tile: TileFacts {
                current: cell.index === root.entry
                ref: cell.ref
                kind: cell.kind
                url: cell.url
                live: cell.live
                shortUrl: cell.shortUrl
                upstream: cell.upstream
                access: cell.access
                tunnelState: cell.tunnelState
                stateText: cell.stateText
                problem: cell.problem
                bytesIn: cell.bytesIn
                bytesOut: cell.bytesOut
                rate: cell.rate
                latency: cell.latency
                history: cell.history
                onCopyRequested: root.session.copy(cell.url, qsTr("Address copied"))
                onOpenRequested: root.session.openUrl(cell.url)
                onQrRequested: root.qrRequested(cell.url)
                onPauseRequested: paused => root.tunnels.setPaused(cell.ref, paused)
                onEditRequested: root.session.open("publish", "edit:" + cell.ref)
                onDuplicateRequested: root.session.open("publish", "copy:" + cell.ref)
                onRemoveRequested: root.removeRequested(cell.ref)
                onTrafficRequested: root.session.open("traffic", "tunnel:" + cell.ref)
            }
        }
    }
}
