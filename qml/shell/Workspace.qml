import QtQuick
import QtQuick.Layouts
import Sallyport.Theme
import Sallyport.ViewModels

// The side with the pages' names, what is wrong at the top, the page in the middle.
RowLayout {
    id: root

    required property Session session
    readonly property bool narrow: width < 760

    spacing: 0

    Connections {
        target: root.session

        function onPageChanged() {
            if (root.session.pageArgument !== "import")
                return;
            root.session.takeArgument();
            importing.ask();
        }
    }
    Shortcuts {
        session: root.session
    }
    Importing {
        id: importing

        session: root.session
    }
    Sidebar {
        Layout.fillHeight: true
        session: root.session
        narrow: root.narrow
    }
    ColumnLayout {
        spacing: 0

        Banner {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.spacingXl
            Layout.rightMargin: Theme.spacingXl
            Layout.topMargin: Theme.spacingL
            session: root.session
        }
        PageView {
            Layout.fillWidth: true
            Layout.fillHeight: true
            focus: true
            session: root.session
        }
    }
}
