import QtQuick
import QtQuick.Controls.Basic
import Sallyport.Theme

// Running text.
Label {
    color: Theme.text
    linkColor: Theme.accent
    font.pixelSize: Theme.fontBody
    // Said, so that it is mirrored with the window whatever the language of the text is.
    horizontalAlignment: Text.AlignLeft
    textFormat: Text.PlainText
    elide: Text.ElideRight
}
