import QtQuick
import QtTest
import Sallyport.Test

// What the pages show, and keep.
PageCase {
    id: root

    name: "Pages"

    // The one text that wraps and stands alone: what a Tip shows.
    function tip(text) {
        return finder.all(root.window, item => item.text === text && item.elide === Text.ElideNone);
    }
    function logLines(count) {
        for (let i = 0; i < count; ++i)
            Stage.session.switchOn(i % 2 === 1);
    }

    function test_aTextThatIsCutIsShownWholeBelowThePointer() {
        open("long-names");
        const label = finder.all(root.window, item => item.truncated === true && item.text.startsWith("customer-portal"));
        verify(label);
        mouseMove(label, label.width / 2, label.height / 2);
        mouseMove(label, label.width / 2 + 1, label.height / 2);
        tryVerify(() => tip(label.text) !== null);
        mouseMove(root.window.contentItem, 5, root.window.height - 5);
        tryVerify(() => tip(label.text) === null);
    }
    function test_theKeyboardHasTipsTooAndTheyGoWithTheNextKey() {
        open("lively");
        const more = button("Pause");
        more.forceActiveFocus(Qt.TabFocusReason);
        tryVerify(() => tip("Pause") !== null);
        keyClick(Qt.Key_Tab);
        tryVerify(() => tip("Pause") === null);
    }
    function test_theLogFollowsUntilOneScrollsUp() {
        open("lively", "log");
        root.window.height = 440;
        logLines(40);
        const list = finder.all(root.window, item => item.positionViewAtEnd !== undefined);
        tryVerify(() => list.contentHeight > 2 * list.height);
        tryVerify(() => list.atYEnd);
        logLines(2);
        wait(0);
        tryVerify(() => list.atYEnd);
        list.contentY = list.originY;
        logLines(2);
        wait(0);
        compare(list.contentY, list.originY);
    }
    function test_aFormThatIsLeftIsThereAgain() {
        open("fresh", "publish");
        type("Service", "3999");
        keyClick(Qt.Key_1, Qt.ControlModifier);
        tryVerify(() => finder.label(root.window, "Nothing is published yet") !== null);
        keyClick(Qt.Key_2, Qt.ControlModifier);
        tryCompare(field("Service"), "text", "3999");
        press("Clear");
        tryCompare(field("Service"), "text", "");
    }
    function test_publishingGoesOnWhereThePageIsLeftAtOnce() {
        open("fresh", "publish");
        type("Service", "3999");
        mouseClick(button("Password"));
        type("User", "ann");
        type("Password", "secret");
        const publish = finder.all(root.window, item => item.text === "Publish" && item.fill !== undefined);
        tryCompare(publish, "enabled", true);
        publish.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
        keyClick(Qt.Key_1, Qt.ControlModifier);
        tryVerify(() => Stage.tunnelCount() === 1, 20000);
    }
    // The switch of a service; the tip of a test is not in the way.
    function service(title) {
        let found = null;
        tryVerify(() => (found = finder.all(root.window, item => item.label === "Publish " + title && item.checked !== undefined)) !== null);
        return found;
    }
    function test_aDatabaseIsPublishedOnlyWhenConfirmed() {
        open("fresh", "publish");
        mouseClick(service("PostgreSQL"));
        tryVerify(() => finder.label(root.window, "Publish PostgreSQL?") !== null);
        press("Cancel");
        compare(Stage.tunnelCount(), 0);
        tryCompare(service("PostgreSQL"), "checked", false);
        mouseClick(service("PostgreSQL"));
        press("Publish anyway");
        tryVerify(() => Stage.tunnelCount() === 1);
        tryCompare(service("PostgreSQL"), "checked", true);
    }
    function test_whoMayVisitADatabaseIsChosenInTheForm() {
        open("fresh", "publish");
        mouseClick(service("PostgreSQL"));
        press("Choose who may visit…");
        tryCompare(field("Service"), "text", "127.0.0.1:5432");
        compare(Stage.tunnelCount(), 0);
        tryCompare(service("PostgreSQL"), "checked", false);
        const networks = finder.all(root.window, item => item.placeholderText !== undefined && item.Accessible.name === "Networks");
        verify(networks);
    }
    function test_aNewFormOpensWhileATunnelIsEdited_data() {
        return [
            {
                tag: "Ctrl+2",
                key: Qt.Key_2
            },
            {
                tag: "Ctrl+N",
                key: Qt.Key_N
            }
        ];
    }
    function test_aNewFormOpensWhileATunnelIsEdited(data) {
        open("lively");
        Stage.session.open("publish", "edit:shop");
        tryVerify(() => finder.label(root.window, "Edit “shop”") !== null);
        keyClick(data.key, Qt.ControlModifier);
        tryVerify(() => finder.label(root.window, "Publish") !== null);
        Stage.session.open("publish", "edit:shop");
        tryVerify(() => finder.label(root.window, "Edit “shop”") !== null);
    }
    function test_aWarningKeepsItsSentenceInANarrowWindow() {
        open("lively", "accounts");
        const text = finder.all(root.window, item => item.elide !== undefined && item.text.startsWith("1 token"));
        const move = button("Move to the keychain");
        verify(text.mapToItem(null, 0, 0).x < move.mapToItem(null, 0, 0).x);
        root.window.width = 480;
        tryVerify(() => move.mapToItem(null, 0, 0).y >= text.mapToItem(null, 0, text.height).y);
        verify(text.width > 200);
    }
    function test_aTokenInAFileIsMovedToTheKeychain() {
        open("lively", "accounts");
        press("Move to the keychain"); // of the warning, which is the first
        tryVerify(() => finder.label(root.window, "The token is in the keychain now.") !== null);
        compare(finder.button(root.window, "Move to the keychain"), null);
        compare(finder.label(root.window, "In a file"), null);
    }
    function test_aRefusedAccountSaysSoAndItsTokenIsReplaced() {
        open("refused", "accounts");
        verify(finder.label(root.window, "In use") === null);
        press("Replace token…");
        tryCompare(Stage.session, "currentPage", "welcome");
        tryVerify(() => finder.label(root.window, "Replace the token") !== null);
        tryCompare(field("Relay"), "text", "tunnel.example.com:7000");
    }
    function test_theNextTryIsALabelOfItsOwn() {
        open("problem");
        const count = finder.all(root.window, item => item.elide !== undefined && /^Next try in \d+ s$/.test(item.text));
        verify(count);
    }
    function test_theTitleIsTheStateAndTheName() {
        open("lively");
        compare(root.window.title, "Connected — Sallyport");
    }
    function test_fiveDigitsOfAPortAreReadable() {
        open("lively", "publish");
        const port = finder.all(root.window, item => item.text === "27017" && item.elide !== undefined);
        verify(port);
        verify(!port.truncated);
    }
    function test_aMenuLeadsToTheFormWithTheKeyboard_data() {
        return [
            {
                tag: "edit",
                entry: "Edit…"
            },
            {
                tag: "duplicate",
                entry: "Duplicate…"
            }
        ];
    }
    function test_aMenuLeadsToTheFormWithTheKeyboard(data) {
        open("lively");
        button("More").clicked();
        press(data.entry);
        compare(Stage.session.currentPage, "publish");
        tryCompare(field("Service"), "activeFocus", true);
    }
    function test_aPageThatIsLedToAtTheStartHasItsArgument() {
        Stage.begin("lively");
        Stage.session.open("publish", "edit:shop");
        openAsItIs();
        tryVerify(() => finder.label(root.window, "Edit “shop”") !== null);
    }
    function test_aMenuLeadsToTheCodeOfAnAddress() {
        open("lively");
        Stage.session.open("tunnels", "qr:https://shop.tunnel.example.com");
        tryVerify(() => finder.label(root.window, "Scan to open") !== null);
    }
}
