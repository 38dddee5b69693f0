import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// While the service is installed or removed: what is being waited for, and how to give up.
RowLayout {
    id: root

    required property ServiceModel service

    visible: service.busy
    spacing: Theme.spacingM

    Spinner {}
    MutedLabel {
        Layout.fillWidth: true
        text: root.service.asksForPassword ? qsTr("Waiting for the administrator's password, in the system's own dialog. Closing that dialog changes nothing.") : qsTr("One moment…")
        wrapMode: Text.Wrap
    }
}
