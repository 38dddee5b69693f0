import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Theme

// Running text.
Label {
    color: Theme.text
    linkColor: Theme.accent
    font.pixelSize: Theme.fontBody
    textFormat: Text.PlainText
    elide: Text.ElideRight
}
