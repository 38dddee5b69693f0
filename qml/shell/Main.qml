import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// The window: a side with the pages' names, what is wrong at the top, the page in the middle.
// Without an account there is the welcome alone.
ApplicationWindow {
    id: root

    required property Session session

    width: 1080
    height: 720
    minimumWidth: 480
    minimumHeight: 420
    title: session.needsAccount ? "Sallyport" : qsTr("Sallyport – %1").arg(session.stateText)
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
            toast.show(text, kind === Session.Bad ? Notice.Bad : kind === Session.Good ? Notice.Good : Notice.Info);
        }
        function onPageChanged() {
            if (root.session.pageArgument !== "import")
                return;
            root.session.takeArgument();
            importing.ask();
        }
        function onRaiseRequested() {
            root.show();
            root.raise();
            root.requestActivate();
        }
    }

    Shortcuts {
        session: root.session
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
    Importing {
        id: importing

        session: root.session
    }
    Toast {
        id: toast

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.spacingXl
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(implicitWidth, parent.width - 2 * Theme.spacingXl)
        z: 10
    }
}
