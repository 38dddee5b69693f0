pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The cards, as many beside each other as there is room. Only those in sight exist.
GridView {
    id: root

    required property TunnelsModel tunnels
    required property Session session
    readonly property int spacing: Theme.spacingL
    readonly property int columns: Math.max(1, Math.floor(width / 380))
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

    model: tunnels
    clip: true
    cellWidth: Math.floor(width / columns)
    cellHeight: 196 + spacing
    cacheBuffer: 400
    boundsBehavior: Flickable.StopAtBounds
    reuseItems: true
    keyNavigationEnabled: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Tunnels")
    T.ScrollBar.vertical: SlimScrollBar {}

    delegate: Item {
        id: cell

        required property int index
        required property string ref
        required property string kind
        required property string url
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

        TunnelTile {
            anchors.fill: parent
            anchors.margins: root.spacing / 2
            anchors.topMargin: 3
            anchors.bottomMargin: root.spacing - 3
            selected: root.activeFocus && root.currentIndex === cell.index && root.keyNavigationEnabled
            tile: TileFacts {
                ref: cell.ref
                kind: cell.kind
                url: cell.url
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
                onTrafficRequested: root.session.open("traffic", cell.ref)
            }
        }
    }
}
