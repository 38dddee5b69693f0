import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

Item {
    id: root

    required property Session session

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.spacingXl

        PageHeader {
            Layout.fillWidth: true
            title: "Publish"
            subtitle: root.session.relay
        }
        Item {
            Layout.fillHeight: true
        }
    }
}
