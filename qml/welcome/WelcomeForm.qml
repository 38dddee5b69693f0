import QtQuick
import QtQuick.Layouts
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The join line, or host and token by hand.
ColumnLayout {
    id: root

    required property WelcomeModel model

    spacing: Theme.spacingL

    TabStrip {
        Layout.alignment: Qt.AlignHCenter
        names: [qsTr("Join line"), qsTr("Host and token")]
        currentIndex: root.model.byJoinLine ? 0 : 1
        onChosen: index => root.model.byJoinLine = index === 0
        Accessible.name: qsTr("How to log in")
    }
    SecretField {
        Layout.fillWidth: true
        visible: root.model.byJoinLine
        label: qsTr("The line that your relay printed")
        placeholder: "sallyport://…"
        hint: qsTr("It looks like sallyport://TOKEN@HOST:7000?pin=… and holds a secret, so it is hidden here.")
        error: root.model.joinLineError
        value: root.model.joinLine
        input.focus: true
        onEdited: value => root.model.joinLine = value
        onAccepted: root.model.start()
    }
    // Few people need it, so its types are read when they do.
    Loader {
        readonly property bool wanted: !root.model.byJoinLine

        function show() {
            if (wanted && !item)
                setSource("qrc:/qt/qml/Sallyport/Welcome/ByHandForm.qml", {
                    model: root.model
                });
        }

        Layout.fillWidth: true
        visible: wanted
        Component.onCompleted: show()
        onWantedChanged: show()
    }
}
