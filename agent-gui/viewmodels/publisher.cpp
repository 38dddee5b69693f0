#include "publisher.h"

#include "background.h"
#include "format.h"
#include "problem_text.h"
#include "session.h"

#include <algorithm>
#include <utility>

namespace sallyport::gui {

Publisher::Publisher(Session& session) : m_session(session) {}

void Publisher::publish(Order order, QObject* page, Done done)
{
    m_open.push_back({++m_lastId, std::move(order), page, std::move(done)});
    if (m_open.size() > MaxOrders)
        return finish(m_lastId, Failure(tr("Other tunnels are being published. Try again when they "
                                           "are done.")));
    if (m_open.back().order.hash)
        hash(m_lastId);
    else
        put(m_lastId);
}

std::vector<std::string> Publisher::refs() const
{
    std::vector<std::string> refs;
    for (const Open& open : m_open)
        refs.push_back(open.order.ref);
    return refs;
}

void Publisher::hash(int id)
{
    Order& order = find(id)->order;
    // Moved out: the passwords are nowhere else from here on.
    inBackground(
        this,
        [hash = std::exchange(order.hash, nullptr), config = order.config]() mutable {
            return hash(config) ? std::optional(std::move(config)) : std::nullopt;
        },
        [this, id](std::optional<config::TunnelConfig> hashed) {
            Open* open = find(id);
            if (open == nullptr)
                return;
            if (!hashed)
                return finish(id,
                              Failure(tr("The password could not be hashed: this computer has no "
                                         "memory left. Close a program and try again.")));
            open->order.config = std::move(*hashed);
            put(id);
        });
}

void Publisher::put(int id)
{
    const Order& order = find(id)->order;
    m_session.control().putTunnel(
        order.ref, order.config,
        [self = QPointer<Publisher>(this), id](const Result<void, agent::Problem>& result) {
            if (!self)
                return;
            if (result)
                self->finish(id, {});
            else
                self->finish(id, Failure(problemText(result.error())));
        });
}

void Publisher::finish(int id, const Result<void, QString>& result)
{
    Open* found = find(id);
    if (found == nullptr)
        return;
    const Open open = std::move(*found);
    m_open.erase(m_open.begin() + (found - m_open.data()));
    if (open.page)
        return open.done(result);
    if (result)
        return m_session.say(tr("“%1” is published").arg(fromUtf8(open.order.ref)),
                             Session::ToastKind::Good);
    if (open.order.form)
        m_session.keepUnfinished(open.order.formRef, *open.order.form);
    m_session.say(tr("“%1” was not published: %2").arg(fromUtf8(open.order.ref), result.error()),
                  Session::ToastKind::Bad);
}

Publisher::Open* Publisher::find(int id)
{
    const auto found = std::find_if(m_open.begin(), m_open.end(),
                                    [id](const Open& open) { return open.id == id; });
    return found == m_open.end() ? nullptr : &*found;
}

} // namespace sallyport::gui
