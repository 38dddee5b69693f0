#include "worker.h"

#include "worker_core.h"

#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

#include <QCoreApplication>

namespace sallyport::relay {

H2Handover::H2Handover() = default;
H2Handover::H2Handover(H2Handover&& other) noexcept = default;
H2Handover& H2Handover::operator=(H2Handover&& other) noexcept = default;
H2Handover::~H2Handover() = default;

Worker::Worker(int index, SharedState& shared, ControlPort& control)
    : m_index(index), m_shared(shared), m_control(control), m_receiver(std::make_unique<QObject>())
{
    setObjectName(QStringLiteral("worker-%1").arg(index));
}

Worker::~Worker()
{
    stop();
}

void Worker::start(WorkerListeners listeners, std::vector<Worker*> all)
{
    m_listeners = std::move(listeners);
    m_all = std::move(all);
    m_receiver->moveToThread(this);
#ifdef SALLYPORT_EPOLL
    setEventDispatcher(new net::EpollDispatcher);
#endif
    QThread::start();
}

void Worker::stop()
{
    if (!isRunning())
        return;
    quit();
    wait();
}

void Worker::post(std::function<void(WorkerCore&)> task)
{
    QMetaObject::invokeMethod(
        m_receiver.get(),
        [this, task = std::move(task)] {
            if (m_core)
                task(*m_core);
        },
        Qt::QueuedConnection);
}

void Worker::run()
{
    {
        WorkerCore core(*this, m_shared, m_control, std::move(m_listeners), m_all);
        m_core = &core;
        exec();
        m_core = nullptr;
        // Tasks that were posted and not run carry sockets: they go now, on this thread.
        QCoreApplication::removePostedEvents(m_receiver.get());
    }
}

} // namespace sallyport::relay
