#include <sallyport/observe/qt_messages.h>

#include <QByteArray>
#include <QString>
#include <QtGlobal>

#include <memory>
#include <mutex>
#include <utility>

namespace sallyport::observe {

namespace {

// Qt's handler is a plain function, so what it needs stands here; a message of another thread may
// be under way while the bridge goes, hence the lock and the copy.
std::mutex bridgeMutex;
std::shared_ptr<const Log> bridgeLog;
QtMessageHandler formerHandler = nullptr;

Level levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return Level::Debug;
    case QtInfoMsg:
        return Level::Info;
    case QtWarningMsg:
        return Level::Warning;
    default:
        return Level::Error;
    }
}

void handle(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    std::shared_ptr<const Log> log;
    {
        const std::lock_guard lock(bridgeMutex);
        log = bridgeLog;
    }
    if (!log)
        return;
    // A sink that makes Qt speak would come back here for ever.
    thread_local bool inside = false;
    if (inside)
        return;
    inside = true;
    const QByteArray message = text.toUtf8();
    const std::string_view category = context.category ? context.category : "default";
    log->write(levelOf(type), {message.constData(), static_cast<size_t>(message.size())},
               {{"qt", category}});
    if (type == QtFatalMsg)
        log->flush();
    inside = false;
}

} // namespace

QtMessageBridge::QtMessageBridge(Log log)
{
    {
        const std::lock_guard lock(bridgeMutex);
        bridgeLog = std::make_shared<const Log>(std::move(log));
    }
    formerHandler = qInstallMessageHandler(&handle);
}

QtMessageBridge::~QtMessageBridge()
{
    qInstallMessageHandler(formerHandler);
    const std::lock_guard lock(bridgeMutex);
    bridgeLog.reset();
}

} // namespace sallyport::observe
