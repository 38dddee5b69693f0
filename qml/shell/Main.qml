import QtQuick
import QtQuick.Templates as T
import Sallyport.Graphics
import Sallyport.Theme
import Sallyport.ViewModels

// The window: a side with the pages' names, what is wrong at the top, the page in the middle.
// Without an account there is the welcome alone.
T.ApplicationWindow {
    id: root

    required property Session session

    width: 1080
    height: 720
    minimumWidth: 480
    minimumHeight: 420
    // Ends with the program's name, which Qt would add, but not for what reads the older WM_NAME.
    title: session.needsAccount ? "Sallyport" : session.stateText + " — Sallyport"
    color: Theme.window
    font.pixelSize: Theme.fontBody
    palette {
        window: Theme.window
        windowText: Theme.text
        base: Theme.field
        text: Theme.text
        button: Theme.surfaceRaised
        buttonText: Theme.text
        highlight: Theme.accent
        highlightedText: Theme.accentText
        placeholderText: Theme.textMuted
        mid: Theme.border
        toolTipBase: Theme.surfaceRaised
        toolTipText: Theme.text
    }
    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    Binding {
        target: Theme
        property: "dark"
        value: root.session.appearance.dark
    }
    Connections {
        target: root.session

        function onToast(text: string, kind: int) {
            toast.source = "";
            toast.setSource("qrc:/qt/qml/Sallyport/Shell/Toast.qml", {
                text: text,
                kind: kind
            });
        }
    }

    // One of the two, read by its address: the other's types are not waited for at the start.
    Loader {
        id: content

        readonly property bool first: root.session.needsAccount

        function show() {
            const page = first ? "Welcome/WelcomePage.qml" : "Shell/Workspace.qml";
            setSource("qrc:/qt/qml/Sallyport/" + page, {
                session: root.session
            });
        }

        anchors.fill: parent
        focus: true
        Component.onCompleted: show()
        onFirstChanged: show()
    }
    TipFinder {
        id: tips
    }
    // Read when there is the first hint.
    Loader {
        readonly property bool wanted: tips.text !== ""

        onWantedChanged: if (wanted && !item)
            setSource("qrc:/qt/qml/Sallyport/Controls/Tip.qml", {
                finder: tips
            })
    }
    // Read when there is the first thing to say.
    Loader {
        id: toast

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spacingXl
        anchors.horizontalCenter: parent.horizontalCenter
        width: status === Loader.Ready ? Math.min(implicitWidth, parent.width - 2 * Theme.spacingXl) : 0
        z: 10
    }
}
