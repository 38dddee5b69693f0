"""The rows of the benchmark: what each measures, on which systems, in how many rounds."""
import dataclasses
import json
import os
import re
import subprocess
import time
from typing import Callable

import measure
import systems
from processes import Failure, Load

MB, MIB, KB = 1e6, 1024 * 1024, 1024
OURS = ("plain", "tls")
TUNNELS = ("haproxy", *OURS)
EVERY = ("direct", *TUNNELS)
LONG_LINK = {"one_way_ms": 25, "mbit": 1000}
DESCRIPTORS_BESIDE = 2000  # what a process needs beside the idle connections
SPARE_BASE = 2000  # ports of the instances that a row starts for itself


@dataclasses.dataclass
class Run:
    """What a row's function may use."""
    tools: systems.Tools
    server: object  # the bulk server's conversation, for counting at the receiver
    quick: bool

    def seconds(self, normal):
        return max(1, normal // 2) if self.quick else normal

    def idle_count(self, normal, per_connection=1):
        """Bounded by the descriptors that one process may open; the report names the number."""
        possible = (self.tools.descriptors - DESCRIPTORS_BESIDE) // per_connection
        return min(normal // 4 if self.quick else normal, possible)


@dataclasses.dataclass
class Row:
    name: str
    what: str
    figures: dict  # key -> (heading, digits)
    systems: tuple
    function: Callable  # (run, system or the system's class) -> {key: value}
    fresh: bool = False  # the function gets the class and starts instances itself
    rounds: int = 99  # at most


def keepalive(run, system):
    return measure.wrk(system, run.seconds(2))


def new_connections(run, system):
    return measure.wrk(system, run.seconds(2), close=True)


def paced(run, system):
    figures = measure.latency(run.tools, system, run.seconds(3))
    if figures["failed"]:
        raise Failure(f"{figures['failed']} requests failed: {figures['first_failure']}")
    return {"p50": figures["p50_us"], "p99": figures["p99_us"]}


def bulk(direction, streams):
    def function(run, system):
        return measure.bulk(run.tools, run.server, system, direction, streams, seconds=1)
    return function


def idle_streams(run, system):
    count = run.idle_count(4000, per_connection=2)
    before = measure.wrk(system, run.seconds(2))["rate"]
    with measure.idle(run.tools, system.tcp_port, count):
        beside = measure.wrk(system, run.seconds(2))["rate"]
    alone = (before + measure.wrk(system, run.seconds(2))["rate"]) / 2
    return {"idle": count, "alone": alone, "beside": beside, "kept": beside / alone}


def memory(run, system_class):
    """A fresh pair each time: memory that earlier rows freed would hide what the streams take."""
    count = 2000
    with system_class(run.tools, SPARE_BASE) as system:
        time.sleep(0.5)
        first, second = (process.rss_bytes() for process in system.processes)
        with measure.idle(run.tools, system.tcp_port, count):
            time.sleep(0.5)
            grown = sum(process.rss_bytes() for process in system.processes) - first - second
    return {"first": first / MB, "second": second / MB, "per_1000": grown / MIB / count * 1000}


def idle_visitors(run, system_class):
    # haproxy takes two descriptors for a visitor; the relay's visitors share its streams.
    count = run.idle_count(10_000, per_connection=2 if system_class.name == "haproxy" else 1)
    with system_class(run.tools, SPARE_BASE) as system:
        return busy_beside(run, system, count, lambda: measure.idle(run.tools, system.http_port, count, system.host))


def idle_links(run, system_class):
    count = run.idle_count(10_000)
    with system_class(run.tools, SPARE_BASE) as system:
        env = {**os.environ, "SALLYPORT_TOKEN": system.relay_command("token", "add", "idle-links")}
        return busy_beside(run, system, count, lambda: measure.idle_links(run.tools, system, count, env))


def busy_beside(run, system, count, idle):
    """A stream alone, beside idle connections, alone again; what they cost it and what memory they take."""
    seconds = run.seconds(2)
    with measure.BusyStream(run.tools, system) as stream:
        before = stream.gbit(seconds)
        memory_before = system.processes[0].rss_bytes()
        with idle():
            time.sleep(0.5)
            grown = system.processes[0].rss_bytes() - memory_before
            beside = stream.gbit(seconds)
        time.sleep(0.5)
        alone = (before + stream.gbit(seconds)) / 2
    return {"idle": count, "kb_each": grown / KB / count, "alone": alone, "beside": beside, "kept": beside / alone}


def handshakes(run, system_class):
    """Whole TLS handshakes, one after the other from each of several clients. These take more processor time than the
    server does, so what counts is the server's own time for each."""
    seconds = run.seconds(4)
    with system_class(run.tools, SPARE_BASE) as system:
        server = system.processes[0]
        before, start = server.cpu_ns(), time.monotonic()
        clients = [subprocess.Popen(["openssl", "s_time", "-connect", f"127.0.0.1:{system.https_port}", "-new", "-time",
                                     str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                   for _ in range(4)]
        said = [client.communicate(timeout=seconds + 30)[0] for client in clients]
        used, passed = server.cpu_ns() - before, time.monotonic() - start
    counts = [int(found[1]) for text in said if (found := re.search(r"(\d+) connections in \d+ real seconds", text))]
    if len(counts) < len(clients) or not all(counts):
        raise Failure(f"a client made no handshakes: {said}")
    return {"rate": sum(counts) / passed, "cpu_us": used / sum(counts) / 1000, "per_cpu_s": sum(counts) / used * 1e9}


def long_link(direction):
    def function(run, system_class):
        with system_class(run.tools, SPARE_BASE, wire=LONG_LINK) as system:
            figures = measure.bulk(run.tools, run.server, system, direction, 1, seconds=run.seconds(3), warm_up=2)
        return {"gbit": figures["gbit"]}
    return function


def restart(run, system_class):
    """The agent is killed under a steady load and started again within the grace (3 s)."""
    seconds, pause = 6, 0.3
    with system_class(run.tools, SPARE_BASE) as system:
        with Load(run.tools.bulk, "latency", system.http_port, rate=2000, connections=32, seconds=seconds,
                          host=system.host) as load:
            time.sleep(2)
            system.restart_agent(pause)
            result = json.loads(load.line(seconds + 30))
    if not result["requests"]:
        raise Failure("no request was made")
    return {"requests": result["requests"], "failed": result["failed"], "longest": result["max_us"] / 1000}


HTTP = {"rate": ("requests/s", 0), "cpu_us": ("CPU us/request", 1)}
BULK = {"gbit": ("Gbit/s", 2), "cpu_s_per_gb": ("CPU s/GB", 3)}
KEPT = {"idle": ("idle", 0), "alone": ("alone", 0), "beside": ("beside them", 0), "kept": ("kept", 3)}
BUSY = {"idle": ("idle", 0), "kb_each": ("KiB each", 2), "alone": ("alone Gbit/s", 2),
        "beside": ("beside Gbit/s", 2), "kept": ("kept", 3)}

ALL = [
    Row("keepalive", "64 keep-alive connections", HTTP, EVERY, keepalive),
    Row("newconn", "64 connections, a new one for each request", HTTP, EVERY, new_connections),
    Row("latency", "5,000 requests/s on 32 connections, from the moment each was due",
        {"p50": ("p50 us", 0), "p99": ("p99 us", 0)}, EVERY, paced),
    Row("bulk-1-up", "1 stream up", BULK, EVERY, bulk("up", 1)),
    Row("bulk-1-down", "1 stream down", BULK, EVERY, bulk("down", 1)),
    Row("bulk-16-up", "16 streams up", BULK, EVERY, bulk("up", 16)),
    Row("bulk-16-down", "16 streams down", BULK, EVERY, bulk("down", 16)),
    Row("idle-streams", "keep-alive requests/s beside idle tcp streams", KEPT, TUNNELS, idle_streams, rounds=5),
    Row("memory", "resident memory idle, and of idle tcp streams (both processes)",
        {"first": ("relay MB", 1), "second": ("agent MB", 1), "per_1000": ("MiB/1,000 streams", 2)},
        TUNNELS, memory, fresh=True, rounds=3),
    Row("idle-visitors", "one busy stream beside idle keep-alive visitors; memory in the relay", BUSY, TUNNELS,
        idle_visitors, fresh=True, rounds=5),
    Row("idle-links", "one busy stream beside idle links of other agents; memory in the relay", BUSY, OURS,
        idle_links, fresh=True, rounds=3),
    Row("long-link-up", "1 stream up over a link of 50 ms round trip and 1 Gbit/s", {"gbit": ("Gbit/s", 3)},
        ("direct", *OURS), long_link("up"), fresh=True, rounds=3),
    Row("long-link-down", "1 stream down over a link of 50 ms round trip and 1 Gbit/s", {"gbit": ("Gbit/s", 3)},
        ("direct", *OURS), long_link("down"), fresh=True, rounds=3),
    Row("handshakes", "TLS handshakes with an ECDSA P-256 key", {"rate": ("handshakes/s", 0), "cpu_us": ("CPU us each", 1),
                                                                 "per_cpu_s": ("per CPU second", 0)},
        ("nginx", "plain"), handshakes, fresh=True, rounds=5),
    Row("capture", "64 keep-alive connections through an agent that records each request, and one that does not",
        HTTP, ("uncaptured", "captured"), keepalive),
    Row("restart", "agent killed under 2,000 requests/s and started again within the grace",
        {"requests": ("requests", 0), "failed": ("failed", 0), "longest": ("longest wait ms", 0)},
        OURS, restart, fresh=True, rounds=5),
]
