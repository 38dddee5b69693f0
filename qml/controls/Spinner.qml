import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Theme

// Something is going on.
BusyIndicator {
    implicitWidth: 24
    implicitHeight: 24
    padding: 2
    palette.dark: Theme.accent
}
