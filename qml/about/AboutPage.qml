import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// Which version this is, and what it is made of.
PageScroll {
    id: root

    required property Session session

    ColumnLayout {
        spacing: Theme.spacingL

        AboutModel {
            id: about
        }
        RowLayout {
            spacing: Theme.spacingL

            Icon {
                Layout.preferredWidth: 56
                Layout.preferredHeight: 56
                name: "door"
                color: Theme.accent
            }
            PageHeader {
                Layout.fillWidth: true
                title: "Sallyport " + about.version
                subtitle: qsTr("A way out for services on this computer, through a relay of your own.")

                QuietButton {
                    text: qsTr("Copy versions")
                    iconName: "copy"
                    onClicked: root.session.copy("Sallyport " + about.version + ", Qt " + about.qtVersion + ", " + about.system)
                }
            }
        }
        Card {
            Layout.fillWidth: true

            ColumnLayout {
                spacing: Theme.spacingS

                LibraryRow {
                    Layout.fillWidth: true
                    name: qsTr("System")
                    purpose: about.system
                    licence: ""
                }
                LibraryRow {
                    Layout.fillWidth: true
                    name: "Qt"
                    purpose: qsTr("The version in use")
                    licence: about.qtVersion
                }
            }
        }
        TitleLabel {
            text: qsTr("Libraries and their licences")
        }
        Card {
            Layout.fillWidth: true

            ColumnLayout {
                spacing: Theme.spacingS

                Repeater {
                    model: about

                    LibraryRow {
                        Layout.fillWidth: true
                    }
                }
            }
        }
    }
}
