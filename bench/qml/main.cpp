// sallyport-empty: the least that a program with Qt Quick is, a window with a word in it. What the
// desktop app's start is compared with (bench/gui.py). With --tray also an icon in the panel.
#include <QApplication>
#include <QIcon>
#include <QQmlApplicationEngine>
#include <QSystemTrayIcon>

#include <memory>

int main(int argc, char** argv)
{
    // A tray icon needs the widgets' application, a window alone does not.
    const bool tray = argc > 1 && qstrcmp(argv[1], "--tray") == 0;
    const std::unique_ptr<QGuiApplication> application(tray ? new QApplication(argc, argv)
                                                            : new QGuiApplication(argc, argv));
    std::unique_ptr<QSystemTrayIcon> icon;
    if (tray) {
        QPixmap pixmap(22, 22);
        pixmap.fill(Qt::darkGreen);
        icon = std::make_unique<QSystemTrayIcon>(QIcon(pixmap));
        icon->show();
    }
    QQmlApplicationEngine engine;
    engine.load(QUrl("qrc:/qt/qml/Sallyport/Empty/Main.qml"));
    return engine.rootObjects().isEmpty() ? 1 : QGuiApplication::exec();
}
