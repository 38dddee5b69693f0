import QtQuick
import Sallyport.About
import Sallyport.Accounts
import Sallyport.Diagnose
import Sallyport.Log
import Sallyport.Publish
import Sallyport.Settings
import Sallyport.Traffic
import Sallyport.Tunnels
import Sallyport.ViewModels
import Sallyport.Welcome

// The page that the session is at. Pages are made when they are come to. (Not with bound components:
// the Loader of Qt 6.4 can't make those.)
Loader {
    id: root

    required property Session session

    function component(page: string): Component {
        switch (page) {
        case "publish":
            return publish;
        case "traffic":
            return traffic;
        case "accounts":
            return accounts;
        case "settings":
            return settings;
        case "log":
            return log;
        case "diagnose":
            return diagnose;
        case "about":
            return about;
        case "welcome":
            return welcome;
        }
        return tunnels;
    }

    active: !session.needsAccount
    focus: true
    sourceComponent: component(session.currentPage)
    // What the page has no use for leads back to where everything is seen.
    Keys.onEscapePressed: session.open("tunnels")

    Component {
        id: tunnels

        TunnelsPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: publish

        PublishPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: traffic

        TrafficPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: accounts

        AccountsPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: settings

        SettingsPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: log

        LogPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: diagnose

        DiagnosePage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: about

        AboutPage {
            session: root.session // qmllint disable unqualified
        }
    }
    Component {
        id: welcome

        WelcomePage {
            session: root.session // qmllint disable unqualified
        }
    }
}
