#include "file_chooser.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QWindow>

namespace sallyport::gui {

FileChooser::~FileChooser()
{
    delete m_dialog;
}

void FileChooser::open(const QUrl& file)
{
    if (m_dialog) {
        m_dialog->raise();
        m_dialog->activateWindow();
        return;
    }
    m_dialog = new QFileDialog;
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setWindowTitle(m_title);
    m_dialog->setWindowModality(Qt::ApplicationModal);
    m_dialog->setAcceptMode(m_saves ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    m_dialog->setFileMode(m_saves ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    m_dialog->setOption(QFileDialog::DontConfirmOverwrite, m_saves);
    if (const QString path = file.toLocalFile(); !path.isEmpty()) {
        m_dialog->setDirectory(QFileInfo(path).absolutePath());
        m_dialog->selectFile(QFileInfo(path).fileName());
    }
    connect(m_dialog, &QFileDialog::accepted, this, [this] {
        const QList<QUrl> files = m_dialog->selectedUrls();
        if (!files.isEmpty())
            emit chosen(files.first());
    });
    // In front of the window that asks.
    if (QWindow* asking = QGuiApplication::focusWindow()) {
        m_dialog->winId();
        if (QWindow* own = m_dialog->windowHandle())
            own->setTransientParent(asking);
    }
    m_dialog->open();
}

} // namespace sallyport::gui
