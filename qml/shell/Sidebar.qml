pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// The pages, and below them the state of the link.
Rectangle {
    id: root

    required property Session session
    property bool narrow: false
    readonly property list<string> pages: ["tunnels", "publish", "traffic", "accounts", "settings", "log", "diagnose", "about"]
    readonly property list<string> titles: [qsTr("Tunnels"), qsTr("Publish"), qsTr("Live traffic"), qsTr("Accounts"), qsTr("Settings"), qsTr("Log"), qsTr("Diagnose"), qsTr("About")]

    implicitWidth: narrow ? 60 : 216
    color: Theme.side
    Accessible.role: Accessible.PageTabList
    Accessible.name: qsTr("Pages")

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 10
        spacing: 2

        RowLayout {
            Layout.leftMargin: root.narrow ? 7 : Theme.spacingS
            Layout.topMargin: Theme.spacingS
            Layout.bottomMargin: Theme.spacingL
            spacing: Theme.spacingM

            Icon {
                Layout.preferredWidth: 26
                Layout.preferredHeight: 26
                name: "door"
                color: Theme.accent
            }
            TitleLabel {
                visible: !root.narrow
                text: "Sallyport"
            }
        }
        Repeater {
            model: root.pages

            SidebarItem {
                required property int index
                required property string modelData

                Layout.fillWidth: true
                // What is used all day stands by itself.
                Layout.topMargin: index === 3 ? Theme.spacingM : 0
                iconName: modelData
                text: root.titles[index]
                narrow: root.narrow
                current: root.session.currentPage === modelData
                count: index === 0 ? root.session.tunnelCount : 0
                onClicked: root.session.open(modelData)
            }
        }
        Item {
            Layout.fillHeight: true
        }
        StateLine {
            Layout.fillWidth: true
            session: root.session
            narrow: root.narrow
        }
    }
    Rectangle {
        anchors.right: parent.right
        width: 1
        height: parent.height
        color: Theme.border
    }
}
