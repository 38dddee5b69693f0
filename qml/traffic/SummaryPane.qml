import QtQuick
import QtQuick.Templates as T
import Sallyport.Controls
import Sallyport.Theme
import Sallyport.ViewModels

// What there is to know at a glance.
ListView {
    id: root

    required property ExchangeModel exchange

    clip: true
    spacing: Theme.spacingS
    topMargin: Theme.spacingS
    boundsBehavior: Flickable.StopAtBounds
    model: root.exchange.summary
    activeFocusOnTab: true
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Summary")
    keyNavigationEnabled: false
    Keys.forwardTo: [keys]
    T.ScrollBar.vertical: SlimScrollBar {}
    delegate: NamedValueRow {
        x: Theme.spacingS
        width: ListView.view ? ListView.view.width - Theme.spacingS - Theme.spacingM : 0
    }

    KeyScroll {
        id: keys

        view: root
        owner: root
    }
}
