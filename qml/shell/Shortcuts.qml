pragma ComponentBehavior: Bound
import QtQuick
import Sallyport.ViewModels

// Keys that work everywhere in the window.
Item {
    id: root

    required property Session session
    readonly property list<string> pages: ["tunnels", "publish", "traffic", "accounts", "settings", "log", "diagnose", "about"]

    Repeater {
        model: root.pages

        Item {
            id: page

            required property int index
            required property string modelData

            Shortcut {
                sequence: "Ctrl+" + (page.index + 1)
                onActivated: root.session.open(page.modelData)
            }
        }
    }
    Shortcut {
        sequence: "Ctrl+N"
        onActivated: root.session.open("publish")
    }
}
