import QtQuick
import QtTest
import Sallyport.Test

// The live traffic page: led to from elsewhere, with the keyboard, and without losing what is typed.
PageCase {
    id: root

    name: "Traffic"

    function test_aCardLeadsToItsTraffic() {
        open("lively");
        const tile = finder.named(root.window, "TunnelTile").tile;
        tile.trafficRequested();
        compare(Stage.session.currentPage, "traffic");
        compare(Stage.session.traffic.filter.tunnel, tile.ref);
        compare(Stage.session.traffic.selectedId, 0);
        // Whoever is there already is led on.
        Stage.session.open("traffic", "5");
        tryVerify(() => finder.named(root.window, "DetailPane") !== null);
        compare(Stage.session.traffic.selectedId, 5);
    }
    function test_theKeyboardIsAtTheTable() {
        open("lively", "traffic");
        tryVerify(() => Stage.session.traffic.count > 0);
        keyClick(Qt.Key_Down);
        tryVerify(() => Stage.session.traffic.selectedId > 0);
    }
    function test_escClosesTheDetailFromWhereverTheKeyboardIs() {
        open("lively", "traffic");
        tryVerify(() => Stage.session.traffic.count > 0);
        Stage.session.open("traffic", Stage.anHttpRecord());
        tryVerify(() => finder.named(root.window, "DetailPane") !== null);
        button("Edit and send again…").forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Escape);
        compare(Stage.session.traffic.selectedId, 0);
        compare(Stage.session.currentPage, "traffic");
        // The keyboard went to the table, and the next one leads back.
        keyClick(Qt.Key_Down);
        tryVerify(() => Stage.session.traffic.selectedId > 0);
        keyClick(Qt.Key_Escape);
        keyClick(Qt.Key_Escape);
        compare(Stage.session.currentPage, "tunnels");
    }
    function test_aDialogFitsASmallWindow() {
        open("lively", "traffic");
        root.window.width = 480;
        root.window.height = 420;
        tryVerify(() => Stage.session.traffic.count > 0);
        Stage.session.open("traffic", Stage.anHttpRecord());
        tryVerify(() => finder.button(root.window, "Edit and send again…") !== null);
        button("Edit and send again…").clicked();
        tryVerify(() => finder.button(root.window, "Send") !== null);
        waitForRendering(root.window.contentItem);
        const send = button("Send");
        const place = send.mapToItem(null, 0, 0);
        verify(place.y + send.height < 420 && place.x + send.width < 480);
        // What the keyboard comes to is scrolled to.
        const body = finder.all(root.window, item => item.label === "Headers" && item.area !== undefined);
        body.area.forceActiveFocus(Qt.TabFocusReason);
        tryVerify(() => body.mapToItem(null, 0, 0).y < 420 - 60);
    }
    function editor() {
        open("lively", "traffic");
        tryVerify(() => Stage.session.traffic.count > 0);
        Stage.session.open("traffic", Stage.anHttpRecord());
        press("Edit and send again…");
        let pane = null;
        tryVerify(() => (pane = finder.all(root.window, item => item.label === "Headers" && item.area !== undefined)) !== null);
        waitForRendering(root.window.contentItem);
        return pane.area;
    }
    function test_tabLeavesAnEditor() {
        const area = editor();
        area.forceActiveFocus();
        const before = area.text;
        keyClick(Qt.Key_Tab);
        compare(area.text, before);
        verify(!area.activeFocus);
        keyClick(Qt.Key_Backtab, Qt.ShiftModifier);
        tryCompare(area, "activeFocus", true);
    }
    function test_anEditedRequestIsNotThrownAwayUnasked() {
        const area = editor();
        mouseClick(root.window.contentItem, 4, 4);
        verify(finder.button(root.window, "Send"));
        area.forceActiveFocus();
        area.insert(0, "X-Mine: 1\n");
        keyClick(Qt.Key_Escape);
        tryVerify(() => finder.label(root.window, "Discard the changes?") !== null);
        keyClick(Qt.Key_Escape);
        tryVerify(() => finder.label(root.window, "Discard the changes?") === null);
        verify(area.text.startsWith("X-Mine: 1"));
        area.forceActiveFocus();
        keyClick(Qt.Key_Escape);
        tryVerify(() => finder.button(root.window, "Discard") !== null);
        press("Discard");
        tryVerify(() => finder.button(root.window, "Send") === null);
    }
    function test_aTextThatCanOnlyBeReadScrollsWithTheKeys() {
        open("lively", "traffic");
        root.window.height = 420;
        tryVerify(() => Stage.session.traffic.count > 0);
        Stage.session.open("traffic", Stage.anHttpRecord());
        press("Raw");
        let pane = null;
        tryVerify(() => (pane = finder.named(root.window, "TextPane")) !== null);
        tryVerify(() => pane.area.contentHeight > pane.height);
        const view = pane.contentItem;
        pane.area.forceActiveFocus(Qt.TabFocusReason);
        for (let i = 0; i < 40; ++i)
            keyClick(Qt.Key_Down);
        tryVerify(() => view.contentY > 0);
    }
    function test_anExportAsksBeforeItReplaces() {
        open("lively", "traffic");
        tryVerify(() => Stage.session.traffic.count > 0);
        press("Export…");
        const input = field("File");
        tryVerify(() => input.text.endsWith(".har"));
        input.text = "/proc/version"; // which can be read alone
        input.textEdited();
        tryVerify(() => finder.button(root.window, "Replace") !== null);
        press("Replace");
        // It stays, and says why.
        tryVerify(() => finder.all(root.window, item => item.kind !== undefined && item.text !== undefined && item.text.includes("can't be written")) !== null);
        verify(input.text === "/proc/version");
    }
    function test_whatScrollsInTheDetailsScrollsWithTheKeys() {
        open("lively", "traffic");
        root.window.height = 420;
        tryVerify(() => Stage.session.traffic.count > 0);
        Stage.session.open("traffic", Stage.anHttpRecord());
        let pane = null;
        tryVerify(() => (pane = finder.named(root.window, "SummaryPane")) !== null);
        tryVerify(() => pane.contentHeight > pane.height);
        pane.forceActiveFocus(Qt.TabFocusReason);
        const before = pane.contentY;
        keyClick(Qt.Key_Down);
        verify(pane.contentY > before);
        keyClick(Qt.Key_Home);
        compare(pane.contentY, before);
    }
}
