import QtQuick
import Sallyport.ViewModels

// The page that the session is at. Pages are made when they are come to, and read only then: by their
// address, so that the window need not wait for the types of all of them when the program starts.
Loader {
    id: root

    required property Session session
    readonly property string page: session.needsAccount ? "" : session.currentPage
    property string shown: "none" // a page that is made twice would miss its argument

    function address(page: string): string {
        switch (page) {
        case "publish":
            return "Publish/PublishPage.qml";
        case "traffic":
            return "Traffic/TrafficPage.qml";
        case "accounts":
            return "Accounts/AccountsPage.qml";
        case "settings":
            return "Settings/SettingsPage.qml";
        case "log":
            return "Log/LogPage.qml";
        case "diagnose":
            return "Diagnose/DiagnosePage.qml";
        case "about":
            return "About/AboutPage.qml";
        case "welcome":
            return "Welcome/WelcomePage.qml";
        }
        return "Tunnels/TunnelsPage.qml";
    }
    function show() {
        if (page === shown)
            return;
        shown = page;
        if (page === "")
            source = "";
        else
            setSource("qrc:/qt/qml/Sallyport/" + address(page), {
                session: session
            });
    }

    // Where a menu or a dialog leaves the keyboard nowhere, the page has it.
    function takeKeyboard() {
        const at = Window.activeFocusItem;
        if (page !== "" && (!at || at === Window.contentItem))
            forceActiveFocus();
    }

    focus: page !== ""
    Window.onActiveFocusItemChanged: Qt.callLater(takeKeyboard) // qmllint disable
    onLoaded: Qt.callLater(takeKeyboard) // qmllint disable
    Component.onCompleted: show()
    onPageChanged: show()
    // What the page has no use for leads back to where everything is seen.
    Keys.onEscapePressed: session.open("tunnels")
}
