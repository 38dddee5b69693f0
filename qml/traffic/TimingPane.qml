import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Where the time went.
ColumnLayout {
    id: root

    required property ExchangeModel exchange

    spacing: Theme.spacingM

    Repeater {
        model: root.exchange.timing

        ColumnLayout {
            id: bar

            required property string name
            required property double start
            required property double length
            required property string duration

            Layout.fillWidth: true
            Layout.topMargin: Theme.spacingXs
            spacing: Theme.spacingXs
            Accessible.role: Accessible.StaticText
            Accessible.name: name + ": " + duration

            RowLayout {
                TextLabel {
                    Layout.fillWidth: true
                    text: bar.name
                    font.pixelSize: Theme.fontSmall + 1
                }
                MutedLabel {
                    text: bar.duration
                }
            }
            Rectangle {
                Layout.fillWidth: true
                implicitHeight: 10
                radius: 5
                color: Theme.sunken

                Rectangle {
                    x: Math.min(parent.width * bar.start, parent.width - width)
                    width: Math.min(parent.width, Math.max(3, parent.width * bar.length))
                    height: parent.height
                    radius: 5
                    color: Theme.accent
                }
            }
        }
    }
    MutedLabel {
        visible: root.exchange.timing.total !== ""
        text: qsTr("%1 in all").arg(root.exchange.timing.total)
    }
    Item {
        Layout.fillHeight: true
    }
}
