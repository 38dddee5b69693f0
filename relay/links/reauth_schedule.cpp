#include "links/reauth_schedule.h"

#include <algorithm>

namespace sallyport::relay {

namespace {
// A credential that is about to end is not asked about more often than this.
constexpr auto LeastWait = std::chrono::seconds(1);
constexpr double Jitter = 0.2;
} // namespace

void ReauthSchedule::granted(const auth::Terms& terms, std::optional<Duration> over, TimePoint now,
                             double chance)
{
    stop();
    m_grace = terms.reauthGrace;
    if (terms.reauthInterval) {
        const std::chrono::duration<double> interval(*terms.reauthInterval);
        m_challenge =
            now + std::chrono::duration_cast<Duration>(interval * (1.0 + Jitter * chance));
        m_mandatory = true;
    }
    if (!over)
        return;
    m_over = now + *over;
    // In good time: a grace before the end, or half-way where the rest is shorter than that.
    const Duration wait = *over > 2 * m_grace ? *over - m_grace : *over / 2;
    if (wait >= LeastWait && (!m_challenge || now + wait < *m_challenge)) {
        m_challenge = now + wait;
        m_mandatory = false;
    }
}

void ReauthSchedule::challenged(TimePoint now, bool mandatory)
{
    m_challenge.reset();
    if (mandatory)
        m_overdue = now + m_grace;
}

bool ReauthSchedule::deferred(TimePoint now, Duration patience)
{
    if (!m_deferredSince)
        m_deferredSince = now;
    if (now - *m_deferredSince >= patience)
        return false;
    m_challenge = now + std::max<Duration>(m_grace, LeastWait);
    m_overdue.reset();
    return true;
}

ReauthSchedule::Due ReauthSchedule::due(TimePoint now) const
{
    if (m_over && now >= *m_over)
        return Due::Over;
    if (m_overdue && now >= *m_overdue)
        return Due::Overdue;
    if (m_challenge && now >= *m_challenge)
        return Due::Challenge;
    return Due::Nothing;
}

std::optional<TimePoint> ReauthSchedule::nextDeadline() const
{
    std::optional<TimePoint> next;
    for (const auto& moment : {m_challenge, m_overdue, m_over})
        if (moment && (!next || *moment < *next))
            next = moment;
    return next;
}

} // namespace sallyport::relay
