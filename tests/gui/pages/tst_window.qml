import QtQuick
import QtTest
import Sallyport.Test

// The window as a person uses it: with the mouse and with the keys.
PageCase {
    id: root

    name: "Window"

    function test_withoutAnAccountThereIsTheWelcomeAlone() {
        open("empty");
        verify(finder.label(root.window, "Welcome to Sallyport"));
        verify(!finder.button(root.window, "Tunnels"));
        verify(!button("Connect").enabled);
    }
    function test_aJoinLineLeadsToThePublishPage() {
        open("empty");
        type("The line that your relay printed", "sallyport://spt_abcdefghijklmnop@relay.example.org:7000");
        press("Connect");
        tryCompare(Stage.session, "needsAccount", false);
        tryCompare(Stage.session, "currentPage", "publish");
    }
    function test_aRefusalIsExplainedOnTheWelcome() {
        open("empty");
        type("The line that your relay printed", "sallyport://spt_abcdefghijklmnop@relay.example.org:7000");
        Stage.failNext("The relay refuses the token.");
        keyClick(Qt.Key_Return);
        tryVerify(() => finder.label(root.window, "The relay refuses the token.") !== null);
    }
    function test_everyPageOpensWithItsKey() {
        open("lively");
        const pages = ["tunnels", "publish", "traffic", "accounts", "settings", "log", "diagnose", "about"];
        for (let i = 0; i < pages.length; ++i) {
            keyClick(Qt.Key_1 + i, Qt.ControlModifier);
            compare(Stage.session.currentPage, pages[i]);
        }
    }
    function test_ctrlNLeadsToPublishing() {
        open("lively", "accounts");
        keyClick(Qt.Key_N, Qt.ControlModifier);
        compare(Stage.session.currentPage, "publish");
    }
    function test_theKeyboardIsAtTheFirstField_data() {
        return [
            {
                tag: "welcome",
                scene: "empty",
                page: "",
                field: "The line that your relay printed"
            },
            {
                tag: "publish",
                scene: "fresh",
                page: "publish",
                field: "Service"
            }
        ];
    }
    function test_theKeyboardIsAtTheFirstField(data) {
        open(data.scene, data.page);
        tryCompare(field(data.field), "activeFocus", true);
    }
    function test_theSideLeadsToAPage() {
        open("lively");
        press("Accounts");
        compare(Stage.session.currentPage, "accounts");
        verify(finder.label(root.window, "Home server"));
    }
    function test_anEmptyListTeachesWhatToDo() {
        open("fresh");
        press("Publish a service…");
        compare(Stage.session.currentPage, "publish");
    }
    function test_typingAPortPublishesIt() {
        open("fresh", "publish");
        type("Service", "3999");
        tryVerify(() => finder.label(root.window, "Free") !== null);
        mouseClick(finder.all(root.window, item => item.text === "Publish" && item.fill !== undefined));
        tryCompare(Stage.session, "currentPage", "tunnels");
        compare(Stage.tunnelCount(), 1);
    }
    function test_removingATunnelAsksFirst() {
        open("lively");
        const grid = finder.named(root.window, "TunnelGrid");
        grid.removeRequested("shop");
        press("Cancel");
        verify(Stage.hasTunnel("shop"));
        grid.removeRequested("shop");
        tryVerify(() => finder.button(root.window, "Cancel") !== null);
        press("Remove");
        tryVerify(() => !Stage.hasTunnel("shop"));
    }
    function test_findingATunnelFromTheKeyboard() {
        open("lively");
        keyClick(Qt.Key_F, Qt.ControlModifier);
        for (const letter of "shop")
            keyClick(letter);
        const grid = finder.named(root.window, "TunnelGrid");
        tryCompare(grid, "count", 1);
        keyClick(Qt.Key_Escape);
        tryCompare(grid, "count", 6);
        compare(Stage.session.currentPage, "tunnels");
    }
    function test_threeHundredTunnelsMakeOnlyTheCardsInSight() {
        open("many");
        const grid = finder.named(root.window, "TunnelGrid");
        compare(grid.count, 300);
        verify(grid.contentItem.children.length < 40);
    }
    function test_aLostConnectionIsSaidOnEveryPageWithTheWayOut() {
        open("problem", "accounts");
        press("Try now");
        tryVerify(() => finder.button(root.window, "Try now") === null);
    }
    function test_aNarrowWindowKeepsTheIcons() {
        open("lively");
        root.window.width = 600;
        tryVerify(() => finder.label(root.window, "Accounts") === null);
        press("Accounts");
        compare(Stage.session.currentPage, "accounts");
    }
    function test_tabReachesThePagesAndSpaceOpensOne() {
        open("lively");
        const item = button("Publish");
        item.forceActiveFocus(Qt.TabFocusReason);
        verify(item.visualFocus);
        keyClick(Qt.Key_Space);
        compare(Stage.session.currentPage, "publish");
    }
    function test_anAccountIsRemovedOnlyWhenConfirmed() {
        open("lively", "accounts");
        press("Remove…");
        press("Remove");
        tryVerify(() => Stage.accountCount() === 1);
    }
}
