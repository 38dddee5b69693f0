// When a standing link has to show its credential anew, and when it is over. Pure: moments go in,
// moments and what is due come out.
//
// With an interval the agent is challenged each time it has passed (and up to a fifth of it more,
// so that links do not all come at once), and must answer within the grace. Without one, or before
// it has passed, a credential that expires is asked about in good time; then nobody has to answer,
// but the link ends with the credential.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/base/clock.h>

#include <chrono>
#include <optional>

namespace sallyport::relay {

class ReauthSchedule
{
public:
    // `over`: when the link ends with the credential, if it ever does. `chance`: 0 to 1.
    void granted(const auth::Terms& terms, std::optional<Duration> over, TimePoint now,
                 double chance);
    // A challenge went out. `mandatory`: it must be answered.
    void challenged(TimePoint now, bool mandatory);
    // The answer is being judged, however long that takes.
    void answered() { m_overdue.reset(); }
    // It could not be judged: nobody's fault. Asked again after the grace, for at most `patience`
    // in all; false when that is used up.
    bool deferred(TimePoint now, Duration patience);
    void stop() { *this = ReauthSchedule(); }

    enum class Due {
        Nothing,
        Challenge, // send one, then challenged()
        Overdue,   // the grace has passed
        Over,      // the credential has expired
    };
    Due due(TimePoint now) const;
    std::optional<TimePoint> nextDeadline() const;
    // Whether the challenge that is due must be answered.
    bool isMandatory() const { return m_mandatory; }

private:
    Duration m_grace = std::chrono::seconds(10);
    std::optional<TimePoint> m_challenge;
    std::optional<TimePoint> m_overdue;
    std::optional<TimePoint> m_over;
    std::optional<TimePoint> m_deferredSince;
    bool m_mandatory = false;
};

} // namespace sallyport::relay
