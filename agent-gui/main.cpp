#include "session.h"

#include <QQmlApplicationEngine>
#include <QtWidgets/QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QQmlApplicationEngine engine;
    engine.addImportPath("qrc:/qt/qml");
    engine.load(QUrl("qrc:/qt/qml/Sallyport/Shell/Main.qml"));
    return engine.rootObjects().isEmpty() ? 1 : application.exec();
}
