import QtQuick
import QtQuick.Templates as T
import Sallyport.Theme

// Running text.
T.Label {
    color: Theme.text
    linkColor: Theme.accent
    font.pixelSize: Theme.fontBody
    // Said, so that it is mirrored with the window whatever the language of the text is.
    horizontalAlignment: Text.AlignLeft
    textFormat: Text.PlainText
    elide: Text.ElideRight
}
