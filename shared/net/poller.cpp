#include "notifier_poller.h"

#include <sallyport/net/poller.h>

#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

namespace sallyport::net {

TurnEndHandler::~TurnEndHandler()
{
    if (m_scheduledOn)
        m_scheduledOn->cancel(this);
}

Poller::~Poller()
{
    while (m_first)
        cancel(m_first);
}

void Poller::atTurnEnd(TurnEndHandler* handler)
{
    if (handler->m_scheduledOn)
        return;
    handler->m_scheduledOn = this;
    handler->m_previous = m_last;
    (m_last ? m_last->m_next : m_first) = handler;
    m_last = handler;
    turnEndScheduled();
}

void Poller::cancel(TurnEndHandler* handler)
{
    (handler->m_previous ? handler->m_previous->m_next : m_first) = handler->m_next;
    (handler->m_next ? handler->m_next->m_previous : m_last) = handler->m_previous;
    handler->m_previous = handler->m_next = nullptr;
    handler->m_scheduledOn = nullptr;
}

bool Poller::runTurnEnd()
{
    if (!m_first)
        return false;
    // Two handlers that keep scheduling each other must not keep the loop from its descriptors.
    for (int i = 0; m_first && i < 100'000; ++i) {
        TurnEndHandler* handler = m_first;
        cancel(handler);
        handler->onTurnEnd();
    }
    return true;
}

PollerChoice choosePoller()
{
#ifdef SALLYPORT_EPOLL
    if (EpollDispatcher* dispatcher = EpollDispatcher::current())
        return {dispatcher, nullptr};
#endif
    auto owned = std::make_unique<NotifierPoller>();
    Poller* poller = owned.get();
    return {poller, std::move(owned)};
}

} // namespace sallyport::net
