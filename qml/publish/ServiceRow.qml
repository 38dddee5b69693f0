import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme

// A service: what it is, its port, and the switch that publishes it as is usual.
T.AbstractButton {
    id: root

    required property int index
    required property string title
    required property string detail
    required property int port
    required property string upstream
    required property int kind
    required property string iconName
    required property bool published
    required property string url
    property bool current: false
    signal chosen
    signal switched(bool on)
    signal copyRequested

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: implicitContentHeight + topPadding + bottomPadding
    padding: Theme.spacingS
    hoverEnabled: true
    Accessible.name: qsTr("%1, port %2").arg(title).arg(port)
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    onClicked: root.chosen()

    background: Rectangle {
        color: root.current ? Theme.accentSoft : root.hovered ? Theme.hover : "transparent"
        radius: Theme.radiusSmall

        FocusRing {
            anchors.margins: -1
            shown: root.visualFocus
        }
    }
    TextMetrics {
        id: digits

        font.family: Theme.monospace
        font.pixelSize: Theme.fontSmall
        text: "65535"
    }
    contentItem: RowLayout {
        spacing: Theme.spacingM

        Rectangle {
            implicitWidth: 36
            implicitHeight: 36
            radius: Theme.radius
            color: Theme.sunken

            Icon {
                anchors.centerIn: parent
                width: 20
                height: 20
                name: root.iconName
                color: root.published ? Theme.accent : Theme.textMuted
            }
        }
        ColumnLayout {
            spacing: 1

            TextLabel {
                Layout.fillWidth: true
                text: root.title
                font.weight: Font.Medium
            }
            MutedLabel {
                Layout.fillWidth: true
                text: root.url !== "" ? root.url : root.detail
                color: root.url !== "" ? Theme.accent : Theme.textMuted
                elide: root.url !== "" ? Text.ElideMiddle : Text.ElideRight
            }
        }
        CopyButton {
            Layout.rightMargin: -Theme.spacingS
            visible: root.url !== ""
            value: root.url
            text: qsTr("Copy the address")
            onCopyRequested: root.copyRequested()
        }
        MutedLabel {
            Layout.preferredWidth: Math.ceil(digits.advanceWidth) + 1 // the switches stand in a column
            text: root.port
            horizontalAlignment: Text.AlignRight
            font.family: Theme.monospace
        }
        Toggle {
            label: qsTr("Publish %1").arg(root.title)
            checked: root.published
            onToggled: {
                root.switched(checked);
                // What comes of it decides: a question may follow, or a failure.
                checked = Qt.binding(() => root.published);
            }
        }
    }
}
