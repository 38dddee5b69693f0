import QtQuick
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What the table shows; all that is set must hold.
Flow {
    id: root

    required property TrafficFilter filter
    required property list<string> tunnels
    readonly property list<string> methods: ["", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    readonly property list<int> durations: [0, 100, 500, 1000, 5000]

    readonly property real others: 486 + (tunnels.length > 1 ? 132 : 0) + (filter.active ? 42 : 0)

    function focusText() {
        search.forceActiveFocus();
        search.selectAll();
    }

    spacing: Theme.spacingS

    SearchField {
        id: search

        // What the others leave, so that the bar ends where the table does.
        width: root.width - root.others < 150 ? 190 : Math.min(340, root.width - root.others)
        placeholderText: qsTr("Search (Ctrl+F)")
        text: root.filter.text
        onTextChanged: root.filter.text = text
    }
    InputField {
        width: 130
        placeholderText: qsTr("Path contains")
        text: root.filter.path
        Accessible.name: placeholderText
        onTextChanged: root.filter.path = text
    }
    Choice {
        width: 106
        label: qsTr("Method")
        model: [qsTr("Method"), "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        currentIndex: Math.max(0, root.methods.indexOf(root.filter.method))
        onActivated: index => root.filter.method = root.methods[index]
    }
    Choice {
        width: 108
        label: qsTr("Status")
        model: [qsTr("Status"), "1xx", "2xx", "3xx", "4xx", "5xx", qsTr("Failed")]
        currentIndex: root.filter.failedOnly ? 6 : root.filter.statusClass
        onActivated: index => {
            root.filter.failedOnly = index === 6;
            root.filter.statusClass = index === 6 ? 0 : index;
        }
    }
    Choice {
        width: 110
        label: qsTr("Duration")
        model: [qsTr("Duration"), "≥ 100 ms", "≥ 500 ms", "≥ 1 s", "≥ 5 s"]
        currentIndex: Math.max(0, root.durations.indexOf(root.filter.minDurationMs)) // qmllint disable
        onActivated: index => root.filter.minDurationMs = root.durations[index]
    }
    Choice {
        width: 124
        visible: root.tunnels.length > 1
        label: qsTr("Tunnel")
        model: [qsTr("Tunnel")].concat(root.tunnels) // qmllint disable
        currentIndex: root.tunnels.indexOf(root.filter.tunnel) + 1
        onActivated: index => root.filter.tunnel = index === 0 ? "" : root.tunnels[index - 1]
    }
    IconButton {
        width: Theme.controlHeight
        height: Theme.controlHeight
        visible: root.filter.active
        iconName: "close"
        text: qsTr("Clear filter")
        onClicked: root.filter.clear()
    }
}
