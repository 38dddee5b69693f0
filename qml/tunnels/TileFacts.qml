import QtQml
import Sallyport.ViewModels

// What the parts of a card know of their tunnel, and what they ask to be done with it.
QtObject {
    id: root

    required property bool current // the keyboard goes through its buttons
    required property string ref
    required property string kind
    required property string url // empty: none yet
    required property bool live // the address leads here now; else it did before
    required property string shortUrl
    required property string upstream
    required property string access // empty: everybody
    required property int tunnelState // a TunnelCard.State
    required property string stateText
    required property string problem
    required property string bytesIn
    required property string bytesOut
    required property string rate
    required property string latency
    required property list<real> history
    readonly property bool paused: tunnelState === TunnelCard.Paused
    signal copyRequested
    signal openRequested
    signal qrRequested
    signal pauseRequested(bool paused)
    signal editRequested
    signal duplicateRequested
    signal removeRequested
    signal trafficRequested
}
