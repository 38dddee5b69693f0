import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme

// The hint that a TipFinder has found, above what it is about.
T.ToolTip {
    id: root

    required property TipFinder finder

    parent: finder.target
    visible: text !== ""
    text: finder.text
    x: parent ? (parent.width - width) / 2 : 0
    y: -height - 4
    implicitWidth: Math.min(440, label.implicitWidth + leftPadding + rightPadding)
    implicitHeight: contentHeight + topPadding + bottomPadding
    contentHeight: label.implicitHeight
    margins: Theme.spacingXs
    leftPadding: Theme.spacingS
    rightPadding: Theme.spacingS
    topPadding: 5
    bottomPadding: 5
    closePolicy: T.Popup.NoAutoClose // the finder says when

    background: Rectangle {
        color: Theme.surfaceRaised
        border.color: Theme.border
        radius: Theme.radiusSmall
    }
    // Made at once because of the id in it, which is what is wanted.
    contentItem: MutedLabel { // qmllint disable deferred-property-id
        id: label

        text: root.text
        color: Theme.text
        elide: Text.ElideNone
        wrapMode: Text.Wrap
    }
}
