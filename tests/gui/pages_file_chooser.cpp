// The dialog for files, without a desktop that has one of its own.
#include "file_chooser.h"

#include <QApplication>
#include <QFile>
#include <QFileDialog>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace sallyport::gui;

namespace {

QDialog* shownDialog()
{
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (auto* dialog = qobject_cast<QFileDialog*>(widget); dialog && dialog->isVisible())
            return dialog;
    return nullptr;
}

} // namespace

class FileChooserTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }

    void givesTheFileThatIsChosen()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("ngrok.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        FileChooser chooser;
        QSignalSpy chosen(&chooser, &FileChooser::chosen);
        const QUrl url = QUrl::fromLocalFile(file.fileName());
        chooser.open(url);
        QTRY_VERIFY(shownDialog() != nullptr);
        QDialog* const dialog = shownDialog();
        chooser.open(url); // a second time is the same one
        QCOMPARE(shownDialog(), dialog);
        dialog->accept();
        QTRY_COMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toUrl(), url);
        QTRY_VERIFY(shownDialog() == nullptr);
    }

    void aFileToBeWrittenNeedNotBeThere()
    {
        const QTemporaryDir folder;
        const QUrl url = QUrl::fromLocalFile(folder.filePath("out.har"));
        FileChooser chooser;
        chooser.setProperty("saves", true);
        QSignalSpy chosen(&chooser, &FileChooser::chosen);
        chooser.open(url);
        QTRY_VERIFY(shownDialog() != nullptr);
        shownDialog()->accept();
        QTRY_COMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toUrl(), url);
    }

    void cancellingGivesNone()
    {
        FileChooser chooser;
        QSignalSpy chosen(&chooser, &FileChooser::chosen);
        chooser.open();
        QTRY_VERIFY(shownDialog() != nullptr);
        shownDialog()->reject();
        QTRY_VERIFY(shownDialog() == nullptr);
        QCOMPARE(chosen.count(), 0);
    }

    void theDialogGoesWithWhatAsked()
    {
        {
            FileChooser chooser;
            chooser.open();
            QTRY_VERIFY(shownDialog() != nullptr);
        }
        QVERIFY(shownDialog() == nullptr);
    }
};

QTEST_MAIN(FileChooserTest)
#include "pages_file_chooser.moc"
