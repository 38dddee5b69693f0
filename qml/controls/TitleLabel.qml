import QtQuick
import Sallyport.Theme

// The title of a card or a part of a page.
TextLabel {
    font.pixelSize: Theme.fontTitle
    font.weight: Font.DemiBold
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
