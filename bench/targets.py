"""The project's targets, judged on the medians of one run."""
import dataclasses

LINKS = {"plain": "plaintext link", "tls": "TLS link"}
BULK = {"bulk-1-up": "1 stream up", "bulk-1-down": "1 stream down",
        "bulk-16-up": "16 streams up", "bulk-16-down": "16 streams down"}


@dataclasses.dataclass
class Target:
    """A figure of a row: its median, or its ratio to `base`, must stay on the right side of the limit. A row
    that failed in any round makes its targets fail, whatever the other rounds said."""
    what: str
    row: str
    system: str
    key: str
    limit: float
    at_least: bool
    unit: str = ""
    base: str = None
    counted: bool = False  # the row says with how many idle connections it was measured
    worst: bool = False  # of all rounds, instead of the median

    def judge(self, results):
        value = self.value(results)
        holds = value is not None and (value >= self.limit if self.at_least else value <= self.limit)
        if results.count_failed(self.row, self.system):
            verdict, holds = "FAIL", False
        elif value is None:
            verdict = "not measured"
        else:
            verdict = "PASS" if holds else "FAIL"
        return {"target": self.what + self.remark(results), "verdict": verdict, "value": value, "limit": self.limit,
                "figure": "" if value is None else self.shown(value)}

    def value(self, results):
        if self.base:
            return results.ratio(self.row, self.system, self.key, self.base)
        if self.worst:
            return max(results.samples(self.row, self.system, self.key), default=None)
        return results.median(self.row, self.system, self.key)

    def shown(self, value):
        return f"{value:.2f}x" if self.base else f"{value:,.{0 if self.worst else 2}f}{self.unit}"

    def remark(self, results):
        failed = results.count_failed(self.row, self.system)
        idle = results.median(self.row, self.system, "idle") if self.counted else None
        return (f" (measured with {idle:,.0f})" if idle else "") + (f" ({failed} rounds failed)" if failed else "")


def all_targets():
    targets = [
        Target("64 keep-alive connections: requests/s at least 1.0x haproxy two hops",
               "keepalive", "plain", "rate", 1.0, True, base="haproxy"),
        Target("64 keep-alive connections: CPU per request at most 0.9x haproxy two hops",
               "keepalive", "plain", "cpu_us", 0.9, False, base="haproxy"),
        Target("new connections/s at least 1.2x haproxy two hops",
               "newconn", "plain", "rate", 1.2, True, base="haproxy"),
        Target("p99 at 5,000 requests/s no more than haproxy two hops",
               "latency", "plain", "p99", 1.0, False, base="haproxy"),
    ]
    targets.append(Target("TLS handshakes for each second of the server's processor time: at least 0.9x nginx",
                          "handshakes", "plain", "per_cpu_s", 0.9, True, base="nginx"))
    for system, least in (("plain", 1.2), ("tls", 0.6)):
        targets += [Target(f"bulk, {what}, {LINKS[system]}: at least {least}x haproxy two hops",
                           row, system, "gbit", least, True, base="haproxy") for row, what in BULK.items()]
    for system, link in LINKS.items():
        targets += targets_of_link(system, link)
    targets.append(Target("requests/s with capture on: at least 0.9x of off",
                          "capture", "captured", "rate", 0.9, True, base="uncaptured"))
    targets.append(Target("an idle TLS link: under 60 KB", "idle-links", "tls", "kb_each", 60.0, False, " KiB"))
    return targets


def targets_of_link(system, link):
    return [
        Target(f"4,000 idle streams beside 64 keep-alive connections, {link}: at least 0.95x of without",
               "idle-streams", system, "kept", 0.95, True, "x", counted=True),
        Target(f"memory of 1,000 idle tcp streams, relay + agent, {link}: under 5 MiB",
               "memory", system, "per_1000", 5.0, False, " MiB"),
        Target(f"relay idle, {link}: under 25 MB", "memory", system, "first", 25.0, False, " MB"),
        Target(f"an idle visitor connection, {link}: under 10 KB",
               "idle-visitors", system, "kb_each", 10.0, False, " KiB"),
        Target(f"10,000 idle visitors, {link}: a busy stream loses less than 5 %",
               "idle-visitors", system, "kept", 0.95, True, "x", counted=True),
        Target(f"10,000 idle links, {link}: a busy stream loses less than 5 %",
               "idle-links", system, "kept", 0.95, True, "x", counted=True),
        Target(f"50 ms round trip, 1 Gbit/s, up, {link}: at least 0.9x plain TCP",
               "long-link-up", system, "gbit", 0.9, True, base="direct"),
        Target(f"50 ms round trip, 1 Gbit/s, down, {link}: at least 0.9x plain TCP",
               "long-link-down", system, "gbit", 0.9, True, base="direct"),
        Target(f"agent killed and restarted within the grace, {link}: no request fails",
               "restart", system, "failed", 0, False, " failed", worst=True),
    ]
