import Sallyport.Theme

// What explains something else.
TextLabel {
    color: Theme.textMuted
    font.pixelSize: Theme.fontSmall
}
