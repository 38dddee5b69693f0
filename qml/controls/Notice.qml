import QtQuick
import QtQuick.Layouts
import Sallyport.Graphics
import Sallyport.Theme

// A sentence that has to be seen, in its place on the page, with what can be done.
Rectangle {
    id: root

    enum Kind {
        Info,
        Good,
        Warning,
        Bad
    }
    property int kind: Notice.Info
    required property string text
    property string remark // beside what can be done; may change at any time
    default property alias actions: buttons.data
    readonly property list<color> inks: [Theme.accent, Theme.good, Theme.warning, Theme.bad]
    readonly property list<color> fills: [Theme.accentSoft, Theme.goodSoft, Theme.warningSoft, Theme.badSoft]
    readonly property list<string> icons: ["info", "check", "warning", "error"]

    // What can be done stands beside the sentence; below it where that would leave the sentence too little.
    readonly property bool narrow: beside.implicitWidth > 0 && width - beside.implicitWidth < 260

    implicitWidth: row.implicitWidth + 2 * Theme.spacingM
    implicitHeight: row.implicitHeight + 2 * Theme.spacingS + 4
    color: fills[kind]
    radius: Theme.radius
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    GridLayout {
        id: row

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.spacingM
        anchors.rightMargin: Theme.spacingM
        columns: 3
        columnSpacing: Theme.spacingM
        rowSpacing: Theme.spacingS

        Icon {
            Layout.preferredWidth: 18
            Layout.preferredHeight: 18
            name: root.icons[root.kind]
            color: root.inks[root.kind]
        }
        TextLabel {
            Layout.fillWidth: true
            text: root.text
            wrapMode: Text.Wrap
            maximumLineCount: 6
        }
        RowLayout {
            id: beside

            Layout.row: root.narrow ? 1 : 0
            Layout.column: root.narrow ? 1 : 2
            spacing: Theme.spacingM

            MutedLabel {
                visible: text !== ""
                text: root.remark
                wrapMode: Text.NoWrap
            }
            RowLayout {
                id: buttons

                spacing: Theme.spacingS
            }
        }
    }
}
