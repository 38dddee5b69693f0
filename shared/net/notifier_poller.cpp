#include "notifier_poller.h"

namespace sallyport::net {

void NotifierPoller::watch(int descriptor, ReadyHandler* handler)
{
    Entry& entry = m_entries[descriptor];
    entry.handler = handler;
    entry.generation = ++m_generation;
    const auto arm = [&](QSocketNotifier::Type type, Readiness hint) {
        auto notifier = std::make_unique<QSocketNotifier>(descriptor, type);
        connect(notifier.get(), &QSocketNotifier::activated, this,
                [this, n = notifier.get(), descriptor, generation = entry.generation, hint] {
                    n->setEnabled(false);
                    deliver(descriptor, generation, hint);
                });
        return notifier;
    };
    entry.read = arm(QSocketNotifier::Read, Readable);
    entry.write = arm(QSocketNotifier::Write, Writable);
}

void NotifierPoller::unwatch(int descriptor)
{
    const auto found = m_entries.find(descriptor);
    if (found == m_entries.end())
        return;
    // A notifier may be the one whose signal we are in: disable it now, delete it later.
    for (auto* notifier : {&found->second.read, &found->second.write}) {
        (*notifier)->setEnabled(false);
        (*notifier)->disconnect();
        notifier->release()->deleteLater();
    }
    m_entries.erase(found);
}

void NotifierPoller::drained(int descriptor, Readiness directions)
{
    const auto found = m_entries.find(descriptor);
    if (found == m_entries.end())
        return;
    if (directions & Readable)
        found->second.read->setEnabled(true);
    if (directions & Writable)
        found->second.write->setEnabled(true);
}

void NotifierPoller::again(int descriptor, Readiness hints)
{
    const auto found = m_entries.find(descriptor);
    if (found == m_entries.end())
        return;
    QMetaObject::invokeMethod(
        this,
        [this, descriptor, generation = found->second.generation, hints] {
            deliver(descriptor, generation, hints);
        },
        Qt::QueuedConnection);
}

void NotifierPoller::deliver(int descriptor, uint64_t generation, Readiness hints)
{
    const auto found = m_entries.find(descriptor);
    if (found != m_entries.end() && found->second.generation == generation)
        found->second.handler->onReady(hints);
}

void NotifierPoller::turnEndScheduled()
{
    if (m_turnEndPosted)
        return;
    m_turnEndPosted = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_turnEndPosted = false;
            runTurnEnd();
        },
        Qt::QueuedConnection);
}

} // namespace sallyport::net
