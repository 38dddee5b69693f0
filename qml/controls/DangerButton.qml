import Sallyport.Theme

// Takes something away for good.
BaseButton {
    fill: Theme.surfaceRaised
    fillHovered: Theme.badSoft
    outline: Theme.bad
    ink: Theme.bad
}
