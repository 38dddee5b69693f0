import Sallyport.Theme

// Everything else that can be pressed.
BaseButton {
    fill: Theme.surfaceRaised
    fillHovered: Theme.hover
    outline: Theme.border
    ink: Theme.text
}
