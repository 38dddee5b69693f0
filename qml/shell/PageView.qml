import QtQuick
import Sallyport.ViewModels

// The page that the session is at. Pages are made when they are come to, and read only then: by their
// address, so that the window need not wait for the types of all of them when the program starts.
Loader {
    id: root

    required property Session session
    readonly property string page: session.needsAccount ? "" : session.currentPage

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
        if (page === "")
            source = "";
        else
            setSource("qrc:/qt/qml/Sallyport/" + address(page), {
                session: session
            });
    }

    focus: page !== ""
    Component.onCompleted: show()
    onPageChanged: show()
    // What the page has no use for leads back to where everything is seen.
    Keys.onEscapePressed: session.open("tunnels")
}
