#include "type_preload.h"

#include <QFontMetrics>
#include <QQmlComponent>
#include <QQmlEngine>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace sallyport::gui {

namespace {

// The icon in the panel goes first.
void stepBack()
{
#ifdef Q_OS_LINUX
    setpriority(PRIO_PROCESS, id_t(syscall(SYS_gettid)), 10);
#endif
}

void load()
{
    stepBack();
    // The first look at a font reads the list of those that are installed.
    [[maybe_unused]] const int height = QFontMetrics(QFont()).height();
    QQmlEngine engine;
    engine.addImportPath("qrc:/qt/qml");
    QQmlComponent component(&engine);
    component.setData("import QtQuick\nimport QtQuick.Layouts\nimport QtQuick.Templates\n"
                      "import Sallyport.Graphics\nimport Sallyport.ViewModels\nQtObject {}\n",
                      QUrl());
}

} // namespace

TypePreload::TypePreload() : m_thread(&load) {}

TypePreload::~TypePreload()
{
    m_thread.join();
}

} // namespace sallyport::gui
