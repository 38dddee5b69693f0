pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What is told by the desktop's notifications.
Card {
    id: root

    required property AppSettings settings
    readonly property list<int> kinds: [AppSettings.FirstConnection, AppSettings.ConnectionLost, AppSettings.ConnectionBack, AppSettings.UpstreamDown, AppSettings.FirstRequest, AppSettings.TokenRefused]
    readonly property list<string> titles: [qsTr("Connected for the first time"), qsTr("Connection lost for more than 10 seconds"), qsTr("Connection is back"), qsTr("A local service does not answer"), qsTr("First request on a tunnel"), qsTr("The relay refuses the token")]

    ColumnLayout {
        spacing: Theme.spacingM

        TitleLabel {
            text: qsTr("Notifications")
        }
        Repeater {
            model: root.titles

            SettingRow {
                id: row

                required property int index
                required property string modelData

                title: modelData

                Toggle {
                    label: row.modelData
                    checked: root.settings.notifies(root.kinds[row.index])
                    onToggled: root.settings.setNotifies(root.kinds[row.index], checked)
                }
            }
        }
    }
}
