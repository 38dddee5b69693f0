import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// Connect; while it tries, how it goes and the way to stop.
RowLayout {
    id: root

    required property WelcomeModel model
    required property bool first
    signal back

    spacing: Theme.spacingM

    QuietButton {
        visible: !root.first && !root.model.busy
        text: qsTr("Back")
        onClicked: root.back()
    }
    Spinner {
        visible: root.model.busy
    }
    TextLabel {
        Layout.fillWidth: true
        visible: root.model.busy
        text: qsTr("Trying %1…").arg(root.model.target)
        color: Theme.textMuted
        elide: Text.ElideMiddle
    }
    QuietButton {
        visible: root.model.busy
        text: qsTr("Cancel")
        onClicked: root.model.cancel()
    }
    PrimaryButton {
        Layout.fillWidth: true
        implicitHeight: Theme.controlHeight + 6
        visible: !root.model.busy
        text: qsTr("Connect")
        enabled: root.model.complete
        onClicked: root.model.start()
    }
}
