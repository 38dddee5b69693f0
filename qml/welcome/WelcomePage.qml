import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The first thing a person sees, and how another account is added.
ScrollArea {
    id: root

    required property Session session

    focus: true
    contentWidth: availableWidth
    contentHeight: Math.max(availableHeight, column.implicitHeight + 2 * Theme.spacingXl)

    WelcomeModel {
        id: welcome

        session: root.session
    }
    Component.onCompleted: welcome.replaceTokenOf(root.session.takeArgument())

    Item {
        width: root.availableWidth
        height: root.contentHeight

        ColumnLayout {
            id: column

            anchors.centerIn: parent
            width: Math.min(460, parent.width - 2 * Theme.spacingXl)
            spacing: Theme.spacingL

            WelcomeTitle {
                Layout.fillWidth: true
                first: root.session.needsAccount
                replacing: welcome.replacing
            }
            Card {
                Layout.fillWidth: true
                padding: Theme.spacingXl

                WelcomeForm {
                    model: welcome
                    enabled: !welcome.busy
                }
            }
            Notice {
                Layout.fillWidth: true
                visible: welcome.error !== ""
                kind: Notice.Bad
                text: welcome.error
            }
            WelcomeButtons {
                Layout.fillWidth: true
                model: welcome
                first: root.session.needsAccount
                onBack: root.session.open("accounts")
            }
        }
    }
}
