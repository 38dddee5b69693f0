import QtQuick

// Finds what a person would: by the text on it, among what can be seen.
QtObject {
    id: root

    // The first below `item` for which `matches` says so; null when there is none.
    function search(item, matches) {
        if (!item || !item.visible)
            return null;
        if (matches(item))
            return item;
        const children = item.children;
        for (let i = 0; i < children.length; ++i) {
            const found = search(children[i], matches);
            if (found)
                return found;
        }
        return null;
    }
    // A dialog lies in the overlay, above the content.
    function all(window, matches) {
        return search(window.contentItem.parent || window.contentItem, matches) || search(window.contentItem, matches);
    }
    function button(window, text) {
        return all(window, item => item.text === text && item.clicked !== undefined);
    }
    function label(window, text) {
        return all(window, item => item.text === text && item.elide !== undefined);
    }
    // The field below that label.
    function field(window, label) {
        const found = all(window, item => item.label === label && item.input !== undefined);
        return found ? found.input : null;
    }
    function named(window, type) {
        return all(window, item => item.toString().startsWith(type));
    }
}
