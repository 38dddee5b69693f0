import QtQuick
import QtTest
import Sallyport.Shell
import Sallyport.Test

// A window on a scene, and what a person finds and does in it.
TestCase {
    id: root

    property Main window: null
    readonly property Finder finder: Finder {}

    when: windowShown

    Component {
        id: windows

        Main {
            session: Stage.session
        }
    }

    // What a page says to nobody is still a fault in it.
    function init() {
        failOnWarning(/TypeError|ReferenceError|is not defined|Failed to load|Binding loop|Unable to assign/);
    }
    function open(scene, page) {
        Stage.begin(scene);
        if (page)
            Stage.session.open(page);
        openAsItIs();
    }
    function openAsItIs() {
        root.window = createTemporaryObject(windows, root);
        verify(root.window);
        root.window.show();
        tryCompare(root.window, "visible", true);
        waitForRendering(root.window.contentItem);
        root.window.requestActivate();
        tryCompare(root.window, "active", true);
    }
    function button(text) {
        let found = null;
        tryVerify(() => (found = finder.button(root.window, text)) !== null, 5000, "a button called " + text);
        return found;
    }
    function field(label) {
        let found = null;
        tryVerify(() => (found = finder.field(root.window, label)) !== null, 5000, "a field called " + label);
        return found;
    }
    function type(label, text) {
        const input = field(label);
        mouseClick(input);
        tryCompare(input, "activeFocus", true);
        for (const letter of text)
            keyClick(letter);
    }
    // What was just opened is laid out with the next frame.
    function press(text) {
        const pressed = button(text);
        root.window.update();
        waitForRendering(root.window.contentItem);
        mouseClick(pressed);
    }
}
