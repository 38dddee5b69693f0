import QtQuick
import QtQuick.Templates as T
import Sallyport.ViewModels

// The import of other programs' configurations: rarely wanted, so it is made when it is asked for.
Loader {
    id: root

    required property Session session

    function ask() {
        if (!item)
            setSource("qrc:/qt/qml/Sallyport/Import/ImportDialog.qml", {
                session: root.session
            });
        const dialog = item as T.Popup;
        if (dialog)
            dialog.open();
    }
}
