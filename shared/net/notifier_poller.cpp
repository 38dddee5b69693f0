#include "notifier_poller.h"

#include <utility>

namespace sallyport::net {

void NotifierPoller::watch(int descriptor, ReadyHandler* handler)
{
    unwatch(descriptor);
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
    Entry& entry = found->second;
    entry.againHints |= hints;
    if (!std::exchange(entry.turnWanted, true))
        m_again.push_back({descriptor, entry.generation});
    if (!m_turn.isActive())
        m_turn.start(0, this);
}

void NotifierPoller::timerEvent(QTimerEvent*)
{
    m_turn.stop();
    const std::vector<Name> asked = std::exchange(m_again, {});
    for (const Name& name : asked) {
        const auto found = m_entries.find(name.descriptor);
        if (found == m_entries.end() || found->second.generation != name.generation)
            continue;
        found->second.turnWanted = false;
        found->second.handler->onReady(std::exchange(found->second.againHints, Readiness(0)));
    }
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
