import QtQuick
import Sallyport.Controls
import Sallyport.ViewModels

// Why there are no rows, and what to do for some.
EmptyState {
    id: root

    required property TrafficModel model
    required property Session session
    readonly property bool filtered: root.model.filter.active
    readonly property bool published: root.session.openTunnelCount > 0

    iconName: filtered ? "filter" : "traffic"
    title: root.model.problem !== "" ? qsTr("The history can't be read") : filtered ? qsTr("Nothing matches the filter") : qsTr("No requests yet")
    text: {
        if (root.model.problem !== "")
            return root.model.problem;
        if (filtered)
            return qsTr("All that is set must hold. Take something out to see more.");
        if (published)
            return qsTr("Open one of your public addresses. Each request appears here while it happens; you can read it, send it again, and copy it as a curl command.");
        return qsTr("Publish a local service first. What visitors ask of it then appears here, while it happens.");
    }

    QuietButton {
        visible: root.filtered
        text: qsTr("Clear filter")
        onClicked: root.model.filter.clear()
    }
    PrimaryButton {
        visible: !root.filtered
        text: root.published ? qsTr("Show my addresses") : qsTr("Publish a service…")
        onClicked: root.session.open(root.published ? "tunnels" : "publish")
    }
}
