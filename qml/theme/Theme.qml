// Colours, sizes and type of the whole window. Both schemes keep WCAG AA contrast for text.
pragma Singleton
import QtQuick

QtObject {
    id: root

    // Set by the shell from the settings; "system" has been resolved by then.
    property bool dark: false

    readonly property color window: dark ? "#17191d" : "#f6f7f9"
    readonly property color surface: dark ? "#1f2228" : "#ffffff"
    readonly property color surfaceRaised: dark ? "#282c33" : "#ffffff"
    readonly property color sunken: dark ? "#131518" : "#eceef2"
    readonly property color side: dark ? "#1a1c21" : "#eff1f5"
    readonly property color hover: dark ? "#2c313a" : "#eef0f4"
    readonly property color field: dark ? "#17191d" : "#ffffff"
    // Stronger than the border of a card: it says where to type (3:1, WCAG 1.4.11).
    readonly property color fieldBorder: dark ? "#6b7483" : "#868f9f"
    readonly property color shade: dark ? "#99000000" : "#661b1e24"
    readonly property color border: dark ? "#353a43" : "#d9dde4"
    readonly property color text: dark ? "#eceef2" : "#1b1e24"
    readonly property color textMuted: dark ? "#a3abb8" : "#596273"
    readonly property color accent: dark ? "#5aa9ff" : "#0b62c4"
    readonly property color accentStrong: dark ? "#7fbdff" : "#084f9f"
    readonly property color accentText: dark ? "#0d1420" : "#ffffff"
    readonly property color accentSoft: dark ? "#1f3650" : "#e1eefd"
    readonly property color good: dark ? "#5fd08a" : "#14733b"
    readonly property color warning: dark ? "#f2b84b" : "#8a5300"
    readonly property color bad: dark ? "#ff8a80" : "#b3261e"
    readonly property color badSoft: dark ? "#43211f" : "#fce8e6"
    readonly property color warningSoft: dark ? "#3d3119" : "#fdf1dc"
    readonly property color goodSoft: dark ? "#1c3727" : "#e2f4e8"

    // Of an HTTP status, or of what ended without one.
    function statusInk(status: int, failed: bool): color {
        return status >= 500 || (failed && status < 400) ? bad : status >= 400 ? warning : status >= 300 ? textMuted : good;
    }

    readonly property int spacingXs: 4
    readonly property int spacingS: 8
    readonly property int spacingM: 12
    readonly property int spacingL: 16
    readonly property int spacingXl: 24
    readonly property int radius: 8
    readonly property int radiusSmall: 5

    readonly property int fontSmall: 12
    readonly property int fontBody: 14
    readonly property int fontTitle: 17
    readonly property int fontHeading: 22
    readonly property string monospace: "monospace"
    readonly property int controlHeight: 34
    readonly property int rowHeight: 30
    readonly property int pageWidth: 860 // of a page of text and settings, at most
}
