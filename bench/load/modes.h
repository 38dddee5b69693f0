// The modes of sallyport-bulk. Each runs until it is done or standard input ends, and returns the
// exit code.
#pragma once

#include "loop.h"

namespace sallyport::bench {

// The upstream: a connection's first byte says what it is for.
//   U  the rest is thrown away and counted    D  bytes are sent as fast as they are taken    E echo
// A mark prints {"bytes": received by U, "ns": now, "connections": open}.
int serve(const Arguments& arguments);

// `up` or `down`: --streams N connections to a `serve`. Prints "ready" when all are under way
// (down: when each has received something). A mark prints {"bytes", "ns", "lost"}; count at the
// receiver: that is `serve` for up and this one for down.
int bulk(const Arguments& arguments);

// --count N connections that are opened, proved and then left alone: with an echoed byte, or with
// one GET when --host NAME is given (a keep-alive visitor). Prints "ready N". A mark prints
// {"open", "lost"}.
int idle(const Arguments& arguments);

// Open loop: --rate requests/s over --connections keep-alive connections for --seconds, each
// measured from the moment at which it was due (so a stall counts for every request that it
// delays). --host NAME. Prints {"requests", "failed", "p50_us", "p99_us", "max_us",
// "first_failure"} at the end.
int latency(const Arguments& arguments);

// A long wire: forwards to --to PORT, each direction --ms late and at most --mbit Mbit/s. Prints
// "ready".
int delay(const Arguments& arguments);

// --count N links of agents to the relay at PORT, idle but answering pings. --tls 1 or 0. The token
// comes from the environment (SALLYPORT_TOKEN). Prints "ready N". A mark prints {"open", "lost"}.
int links(const Arguments& arguments);

} // namespace sallyport::bench
