import QtQuick

// One line for a secret, hidden until its eye is pressed. Qt 6.4 tells every program that asks over
// the accessibility bus what stands in a property called `text`, dots on the screen or not: so that
// property holds dots here too, and `value` what was typed.
InputField {
    id: root

    required property string label
    property string value
    property string text: "•".repeat(length)
    property string hint
    signal valueEdited(string value)

    function show() {
        if (root.getText(0, root.length) === root.value)
            return;
        root.clear();
        root.insert(0, root.value);
    }

    rightPadding: 38
    echoMode: reveal.checked ? TextInput.Normal : TextInput.Password
    inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
    // The name of a password's field is not told by Qt 6.4, its description is.
    Accessible.name: label
    Accessible.description: hint === "" ? label : label + ". " + hint
    Accessible.passwordEdit: true
    onTextEdited: root.valueEdited(root.getText(0, root.length))
    onValueChanged: root.show()
    Component.onCompleted: root.show()

    IconButton {
        id: reveal

        anchors.right: parent.right
        anchors.rightMargin: 3
        anchors.verticalCenter: parent.verticalCenter
        implicitWidth: 28
        implicitHeight: 28
        checkable: true
        iconName: checked ? "eye-off" : "eye"
        text: checked ? qsTr("Hide") : qsTr("Show")
    }
}
