pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What is published, a card for each.
FocusScope {
    id: root

    required property Session session

    // A card to be shown by its name, or an address as a code: what a menu or a notification led to.
    function take() {
        if (root.session.currentPage !== "tunnels")
            return;
        const wish = root.session.takeArgument();
        if (wish.startsWith("qr:"))
            qr.show(wish.slice(3));
        else
            grid.show(wish);
    }

    focus: true

    TunnelsModel {
        id: tunnels

        session: root.session
        search: search.text
    }
    Shortcut {
        sequence: "Ctrl+F"
        enabled: search.visible
        onActivated: search.forceActiveFocus()
    }

    ColumnLayout {
        anchors.fill: parent
        anchors.topMargin: Theme.spacingXl
        spacing: Theme.spacingL

        PageHeader {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spacingXl
            Layout.rightMargin: Theme.spacingXl
            title: qsTr("Tunnels")
            subtitle: tunnels.total === 0 ? qsTr("Services of this computer that have a public address.") : qsTr("%1 of %2 open").arg(root.session.openTunnelCount).arg(tunnels.total)

            SearchField {
                id: search

                Layout.preferredWidth: Math.max(80, Math.min(190, root.width - 330)) // the title stays readable
                visible: tunnels.total > 3
                placeholderText: qsTr("Find a tunnel")
            }
            PrimaryButton {
                visible: tunnels.total > 0
                iconName: "plus"
                text: qsTr("Publish")
                onClicked: root.session.open("publish")
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            TunnelGrid {
                id: grid

                anchors.fill: parent
                anchors.leftMargin: Theme.spacingXl - spacing / 2
                anchors.rightMargin: Theme.spacingXl - spacing / 2
                focus: true
                tunnels: tunnels
                session: root.session
                onQrRequested: url => qr.show(url)
                onRemoveRequested: ref => removal.ask(ref)
            }
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spacingXl, 520)
                visible: tunnels.total === 0
                iconName: "tunnels"
                title: qsTr("Nothing is published yet")
                text: qsTr("Start a service on this computer, a web site for example, then publish it: it gets a public address that you can send to anybody.")

                PrimaryButton {
                    text: qsTr("Publish a service…")
                    iconName: "publish"
                    onClicked: root.session.open("publish")
                }
            }
            EmptyState {
                anchors.centerIn: parent
                width: Math.min(parent.width - 2 * Theme.spacingXl, 520)
                visible: tunnels.total > 0 && tunnels.count === 0
                iconName: "search"
                title: qsTr("No tunnel is called “%1”").arg(search.text)

                QuietButton {
                    text: qsTr("Show all")
                    onClicked: search.clear()
                }
            }
        }
    }
    QrDialog {
        id: qr

        session: root.session
    }
    RemoveDialog {
        id: removal

        tunnels: tunnels
    }
    Connections {
        target: root.session

        function onPageChanged() {
            root.take();
        }
    }
    Component.onCompleted: take()
}
