import Sallyport.Theme

// The one thing that a page is for.
BaseButton {
    fill: Theme.accent
    fillHovered: Theme.accentStrong
    outline: "transparent"
    ink: Theme.accentText
}
