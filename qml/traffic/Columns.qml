import QtQuick
import Sallyport.Theme

// How wide the table's columns are; where there is little room, some are left out.
QtObject {
    id: root

    required property real available
    required property bool dated
    readonly property int gap: Theme.spacingM
    readonly property int time: dated ? 92 : 62
    readonly property int method: 66
    readonly property int status: 46
    readonly property int tunnel: available > 900 ? 150 : available > 760 ? 124 : available > 680 ? 92 : 0
    readonly property int duration: 74
    readonly property int size: available > 500 ? 74 : 0
    readonly property int path: Math.max(60, available - 2 * Theme.spacingM - time - method - status - duration - 4 * gap - (tunnel > 0 ? tunnel + gap : 0) - (size > 0 ? size + gap : 0))
}
