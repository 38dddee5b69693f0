import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// From a service of this computer to a public address: at the left what is there, at the right how
// it is published.
FocusScope {
    id: root

    required property Session session
    readonly property bool wide: width >= 860

    // A tunnel that a menu led to; what else is wished for is another's to take.
    function take() {
        const wish = root.session.currentPage === "publish" ? root.session.pageArgument : "";
        if (!wish.startsWith("edit:") && !wish.startsWith("copy:"))
            return;
        root.session.takeArgument();
        editor.load(wish.slice(5), wish.startsWith("copy:"));
    }

    focus: true

    TunnelEditor {
        id: editor

        session: root.session
        onPublished: {
            root.session.say(qsTr("Published"), Session.Good);
            root.session.open("tunnels");
        }
    }
    ServicesModel {
        id: services

        session: root.session
        onExposureAsked: (title, upstream, kind) => exposure.ask(title, upstream, kind)
    }
    ExposureDialog {
        id: exposure

        onConfirmed: upstream => services.publishForAll(upstream)
        onRulesWanted: (upstream, kind) => {
            editor.take(upstream, kind);
            editor.accessMode = TunnelEditor.Networks;
        }
    }

    PageScroll {
        anchors.fill: parent
        focus: true
        maximumWidth: 1120

        ColumnLayout {
            spacing: Theme.spacingL

            PageHeader {
                Layout.fillWidth: true
                title: editor.editedRef === "" ? qsTr("Publish") : qsTr("Edit “%1”").arg(editor.editedRef)
                subtitle: editor.editedRef === "" ? qsTr("Choose a service of this computer, or type where it listens.") : qsTr("Changes are published at once.")

                QuietButton {
                    visible: editor.editedRef === ""
                    iconName: "import"
                    text: qsTr("Import…")
                    onClicked: root.session.open("publish", "import")
                }
                QuietButton {
                    visible: editor.editedRef !== ""
                    text: qsTr("Cancel")
                    onClicked: {
                        editor.clear();
                        root.session.open("tunnels");
                    }
                }
                QuietButton {
                    visible: editor.editedRef === "" && editor.begun
                    text: qsTr("Clear")
                    onClicked: editor.clear()
                }
            }
            GridLayout {
                Layout.fillWidth: true
                columns: root.wide ? 2 : 1
                columnSpacing: Theme.spacingL
                rowSpacing: Theme.spacingL

                ServiceList {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 500
                    Layout.alignment: Qt.AlignTop
                    visible: editor.editedRef === ""
                    services: services
                    session: root.session
                    chosen: editor.upstream
                    onServiceChosen: (upstream, kind) => editor.take(upstream, kind)
                }
                TunnelForm {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 460
                    Layout.maximumWidth: editor.editedRef === "" ? 1000 : 640
                    Layout.alignment: Qt.AlignTop
                    editor: editor
                    onCopyRequested: text => root.session.copy(text, qsTr("Address copied"))
                }
            }
        }
    }
    Connections {
        target: root.session

        function onPageChanged() {
            root.take();
        }
        function onPageAgain() {
            editor.leaveEdited();
        }
    }
    Component.onCompleted: {
        editor.resume();
        take();
    }
}
