import QtQuick
import QtTest
import Sallyport.Test

// The keyboard alone: where it is stays in sight, and it does all that the mouse does.
PageCase {
    id: root

    name: "Keyboard"

    // Whether all of an item lies where it can be seen.
    function inSight(item) {
        const place = item.mapToItem(null, 0, 0);
        return place.y >= 0 && place.y + item.height <= root.window.height;
    }
    function focused() {
        return root.window.activeFocusItem;
    }

    function test_whatTabComesToIsInSight_data() {
        return [
            {
                tag: "settings",
                scene: "lively",
                page: "settings",
                stops: 25
            },
            {
                tag: "publish",
                scene: "lively",
                page: "publish",
                stops: 30
            },
            {
                tag: "three hundred tunnels",
                scene: "many",
                page: "tunnels",
                stops: 30
            }
        ];
    }
    function test_whatTabComesToIsInSight(data) {
        open(data.scene, data.page);
        root.window.height = 480;
        waitForRendering(root.window.contentItem);
        for (let i = 0; i < data.stops; ++i) {
            keyClick(Qt.Key_Tab);
            verify(inSight(focused()), "stop " + i + ": " + focused());
        }
    }
    function test_pageKeysScrollAPage() {
        open("lively", "settings");
        root.window.height = 480;
        const page = finder.named(root.window, "SettingsPage").contentItem;
        waitForRendering(root.window.contentItem);
        keyClick(Qt.Key_PageDown);
        tryVerify(() => page.contentY > 100);
        keyClick(Qt.Key_PageUp);
        compare(page.contentY, 0);
        keyClick(Qt.Key_End);
        verify(page.contentY > 0);
        compare(page.contentY, page.contentHeight - page.height);
        keyClick(Qt.Key_Home);
        compare(page.contentY, 0);
    }
    function test_keysMoveFromCardToCard() {
        open("many");
        const grid = finder.named(root.window, "TunnelGrid");
        keyClick(Qt.Key_Down);
        compare(grid.currentIndex, 0);
        keyClick(Qt.Key_Right);
        compare(grid.currentIndex, 1);
        keyClick(Qt.Key_PageDown);
        verify(grid.currentIndex > 2);
        verify(inSight(grid.currentItem));
        keyClick(Qt.Key_End);
        compare(grid.currentIndex, 299);
        verify(inSight(grid.currentItem));
        keyClick(Qt.Key_Home);
        compare(grid.currentIndex, 0);
        compare(grid.contentY, 0);
    }
    function test_tabGoesThroughTheButtonsOfTheCardThatTheKeysAreAt() {
        open("many");
        const grid = finder.named(root.window, "TunnelGrid");
        keyClick(Qt.Key_End);
        keyClick(Qt.Key_Tab);
        compare(focused().text, "Pause");
        compare(grid.currentIndex, 299);
        keyClick(Qt.Key_Return);
        tryCompare(focused(), "text", "Resume");
        keyClick(Qt.Key_Up);
        compare(grid.currentIndex, 299 - grid.columns);
    }
    function test_returnPressesASwitch_data() {
        return [
            {
                tag: "return",
                key: Qt.Key_Return
            },
            {
                tag: "enter",
                key: Qt.Key_Enter
            },
            {
                tag: "space",
                key: Qt.Key_Space
            }
        ];
    }
    function test_returnPressesASwitch(data) {
        open("lively", "settings");
        const toggle = finder.all(root.window, item => item.label === "Start minimised" && item.toggled !== undefined);
        toggle.forceActiveFocus(Qt.TabFocusReason);
        const before = Stage.session.settings.startMinimised;
        keyClick(data.key);
        compare(Stage.session.settings.startMinimised, !before);
        keyClick(data.key);
        compare(Stage.session.settings.startMinimised, before);
    }
    function test_returnShowsAndHidesASecret() {
        open("empty");
        const eye = button("Show");
        eye.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Return);
        compare(eye.text, "Hide");
        keyClick(Qt.Key_Enter);
        compare(eye.text, "Show");
    }
    function test_returnOpensAList() {
        open("lively", "settings");
        const choice = finder.all(root.window, item => item.label === "Language" && item.popup !== undefined);
        choice.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Return);
        tryCompare(choice.popup, "visible", true);
        keyClick(Qt.Key_Return);
        tryCompare(choice.popup, "visible", false);
    }
}
