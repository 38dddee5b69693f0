// The system's dialog for files: the desktop's own where there is one, else that of Qt Widgets,
// which stands on nothing that would have to be installed beside the program (Qt Quick's own
// dialog needs modules that a distribution may lack, and ends the program without them).
//
// Threads: the GUI's. Lifetime: the dialog goes with this.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

class QFileDialog;

namespace sallyport::gui {

class FileChooser : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(QString title MEMBER m_title NOTIFY changed)
    // False: one that is there is chosen. True: one to be written, which may be there already;
    // whether it is to be replaced is not asked.
    Q_PROPERTY(bool saves MEMBER m_saves NOTIFY changed)

public:
    explicit FileChooser(QObject* parent = nullptr) : QObject(parent) {}
    ~FileChooser() override;

    // Comes back at once. `file` is marked; empty: none. Raises a dialog that is open.
    Q_INVOKABLE void open(const QUrl& file = {});

signals:
    void changed();
    void chosen(const QUrl& file);

private:
    QString m_title;
    bool m_saves = false;
    QPointer<QFileDialog> m_dialog; // while it is open
};

} // namespace sallyport::gui
