#include <sallyport/config/relay_config.h>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr uint64_t KiB = 1024;
constexpr uint64_t MiB = 1024 * KiB;
constexpr uint64_t GiB = 1024 * MiB;

void declareVisitorLimits(RelayLimits& limits, Fields& fields)
{
    fields.section("Limits for visitors", "");
    fields.value(
        "limits.head", limits.head, sizeBetween(1 * KiB, 1 * MiB),
        "A request head at most; beyond it 431. Also an upstream's answer head; beyond it 502.");
    fields.value("limits.uri", limits.uri, sizeBetween(256, 1 * MiB),
                 "A request target at most; beyond it 414.");
    fields.value("limits.headers", limits.headers, countBetween(10, 10'000),
                 "Header lines of a head at most; beyond it 431.");
    fields.value("limits.head_timeout", limits.headTimeout, durationBetween(seconds(1), minutes(5)),
                 "Time for a request head to come in whole; then 408.");
    fields.value("limits.idle_timeout", limits.idleTimeout, durationBetween(seconds(1), hours(1)),
                 "A kept connection without a request is closed after this.");
    fields.value("limits.stall_timeout", limits.stallTimeout,
                 durationBetween(seconds(5), hours(24)),
                 "A request whose bytes stand still for this long, though somebody should read or "
                 "send them, "
                 "is given up.");
    fields.value("limits.visitors", limits.visitors, countBetween(1, 10'000'000),
                 "Visitors' connections at once.");
    fields.value(
        "limits.visitors_per_address", limits.visitorsPerAddress, countBetween(0, 10'000'000),
        "The same from one address; 0 sets no limit of its own. Behind a proxy all visitors may "
        "come from its address.");
    fields.value("limits.h2_streams", limits.h2Streams, countBetween(1, 10'000),
                 "Requests of one HTTP/2 connection at once. Each may hold `limits.h2_window` of "
                 "its body, and as much of an answer that is not read.");
    fields.value("limits.h2_window", limits.h2Window, sizeBetween(64 * KiB, 16 * MiB),
                 "What a visitor may send ahead on one HTTP/2 stream; four times as much on all of "
                 "a connection's together.");
    fields.value("limits.h2_cancelled", limits.h2Cancelled, countBetween(10, 1'000'000),
                 "Requests that an HTTP/2 visitor may cancel at once, and a tenth of it each "
                 "second; beyond it the connection is closed.");
    fields.value("limits.h2_idle_frames", limits.h2IdleFrames, countBetween(100, 1'000'000),
                 "HTTP/2 frames that carry nothing (pings, settings, empty data) at once, and a "
                 "tenth of it each second; beyond it the connection is closed.");
    fields.value("limits.password_checks", limits.passwordChecks, countBetween(4, 10'000),
                 "Visitors' passwords that wait to be checked, a quarter of them for one tunnel at "
                 "most; beyond it 503. One is checked at a time.");
    fields.value(
        "limits.pending_requests", limits.pendingRequests, countBetween(0, 1'000'000),
        "Requests that wait within reconnect_grace for a link to come back; beyond it 503.");
}

void declarePeekLimits(RelayLimits& limits, Fields& fields)
{
    fields.section("Limits for TLS visitors who have not said where they want to go",
                   "A TLS connection begins with a message that names the host. Until it has come "
                   "in whole the connection is held under these limits, apart from all others.");
    fields.value("limits.peeking", limits.peeking, countBetween(1, 1'000'000),
                 "Such connections at once; beyond it the address that has most of them loses its "
                 "oldest. As many may be in the middle of a handshake with the relay itself.");
    fields.value("limits.peek_bytes", limits.peekBytes, sizeBetween(1 * KiB, 128 * KiB),
                 "The message at most.");
    fields.value("limits.peek_first_byte", limits.peekFirstByte,
                 durationBetween(milliseconds(100), minutes(5)), "Time for its first byte.");
    fields.value("limits.peek_progress", limits.peekProgress,
                 durationBetween(milliseconds(100), minutes(5)), "Time from one byte to the next.");
    fields.value("limits.peek_timeout", limits.peekTimeout,
                 durationBetween(milliseconds(100), minutes(5)), "Time for all of it.");
}

void declareLinkLimits(RelayLimits& limits, Fields& fields)
{
    fields.section("Limits for agents", "");
    fields.value("limits.links", limits.links, countBetween(1, 1'000'000), "Links at once.");
    fields.value("limits.links_per_tenant", limits.linksPerTenant, countBetween(1, 1'000'000),
                 "Links of one tenant at once.");
    fields.value("limits.handshakes", limits.handshakes, countBetween(1, 100'000),
                 "Connections to the agents' listener that have not shown a credential yet.");
    fields.value("limits.handshake_timeout", limits.handshakeTimeout,
                 durationBetween(seconds(1), minutes(5)),
                 "Time for an agent to show its credential.");
    fields.value("limits.tunnels_per_link", limits.tunnelsPerLink, countBetween(1, 10'000),
                 "Tunnels of one link.");
    fields.value("limits.streams_per_link", limits.streamsPerLink, countBetween(1, 1'000'000),
                 "Streams on one link at once.");
    fields.value("limits.link_memory", limits.linkMemory, sizeBetween(1 * MiB, 16 * GiB),
                 "Receive windows that one link's streams may have together.");
    fields.value("limits.unread", limits.unread, sizeBetween(1 * MiB, 1024 * GiB),
                 "Bytes of one link that wait for slow readers; beyond it the slowest is cut off.");
    fields.value(
        "limits.ping", limits.ping, durationBetween(seconds(1), minutes(5)),
        "A link is asked for a sign of life this often, and is dead after two that were missed.");
}

void declareUpstreamLimits(RelayLimits& limits, Fields& fields)
{
    fields.section("Limits for upstreams", "");
    fields.value("limits.upstream_idle", limits.upstreamIdle, countBetween(0, 10'000),
                 "Idle streams to one tunnel's upstream that are kept for the next request.");
    fields.value(
        "limits.upstream_idle_timeout", limits.upstreamIdleTimeout,
        durationBetween(milliseconds(100), hours(1)),
        "How long such a stream is kept. Should be shorter than the upstream's own limit.");
}

} // namespace

void RelayLimits::declare(Fields& fields)
{
    declareVisitorLimits(*this, fields);
    declarePeekLimits(*this, fields);
    declareLinkLimits(*this, fields);
    declareUpstreamLimits(*this, fields);
}

} // namespace sallyport::config
