"""The measurements themselves. Each takes a running system and returns figures, or raises Failure."""
import contextlib
import json
import re
import subprocess
import time

from processes import Failure, Load

WARM_UP = 0.5  # seconds before bulk is counted: windows and buffers have grown by then


def wrk(system, seconds, close=False):
    """64 connections, one load thread. CPU is that of the tunnel's two processes together."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-H", f"Host: {system.host}"]
    if close:
        command += ["-H", "Connection: close"]
    before = system.cpu_ns()
    output = subprocess.run([*command, f"http://127.0.0.1:{system.http_port}/"], capture_output=True, text=True,
                            timeout=seconds + 30).stdout
    cpu = system.cpu_ns() - before
    total = re.search(r"(\d+) requests in", output)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", output)
    if not total or not rate or int(total[1]) == 0:
        raise Failure(f"wrk got no answer: {output.strip()}")
    errors = re.search(r"(Non-2xx or 3xx responses: \d+|Socket errors: .*)", output)
    if errors:
        raise Failure(f"wrk: {errors[1]}")
    figures = {"rate": float(rate[1])}
    if system.processes:
        figures["cpu_us"] = cpu / 1000 / int(total[1])
    return figures


def bulk(tools, server, system, direction, streams, seconds, warm_up=WARM_UP):
    """Gbit/s counted at the receiver: the upstream for "up", the visitor for "down"."""
    with Load(tools.bulk, direction, system.tcp_port, streams=streams) as load:
        load.ready()
        time.sleep(warm_up)
        receiver = server if direction == "up" else load
        cpu, start = system.cpu_ns(), receiver.mark()
        time.sleep(seconds)
        cpu, end = system.cpu_ns() - cpu, receiver.mark()
        if load.mark()["lost"]:
            raise Failure(f"{load.mark()['lost']} of {streams} streams broke")
    received = end["bytes"] - start["bytes"]
    if received == 0:
        raise Failure("nothing arrived at the receiver")
    figures = {"gbit": received * 8 / (end["ns"] - start["ns"])}
    if system.processes:
        figures["cpu_s_per_gb"] = cpu / received
    return figures


class BusyStream:
    """One stream down that flows all the while. The same stream with and without company is compared: two
    streams of the same kind differ by more than what is looked for."""

    def __init__(self, tools, system):
        self.load = Load(tools.bulk, "down", system.tcp_port, streams=1)

    def __enter__(self):
        self.load.ready()
        time.sleep(2 * WARM_UP)
        return self

    def __exit__(self, *_):
        self.load.kill()

    def gbit(self, seconds):
        start = self.load.mark()
        time.sleep(seconds)
        end = self.load.mark()
        if end["lost"] or end["bytes"] == start["bytes"]:
            raise Failure("the busy stream broke or stood still")
        return (end["bytes"] - start["bytes"]) * 8 / (end["ns"] - start["ns"])


def latency(tools, system, seconds, rate=5000, connections=32):
    with Load(tools.bulk, "latency", system.http_port, rate=rate, connections=connections, seconds=seconds,
              host=system.host) as load:
        return json.loads(load.line(seconds + 30))


@contextlib.contextmanager
def idle(tools, port, count, host=None):
    """Holds `count` idle connections (keep-alive visitors when a host is given) while the body runs."""
    options = {"count": count, **({"host": host} if host else {})}
    with Load(tools.bulk, "idle", port, **options) as load:
        opened = load.ready(timeout=60)
        if opened != count:
            raise Failure(f"only {opened} of {count} idle connections could be opened")
        yield load
        if load.mark()["open"] != count:
            raise Failure(f"{count - load.mark()['open']} of {count} idle connections were lost")


@contextlib.contextmanager
def idle_links(tools, system, count, env):
    with Load(tools.bulk, "links", system.agents_port, env=env, count=count,
              tls=1 if system.scheme == "tls" else 0) as load:
        opened = load.ready(timeout=120)
        if opened != count:
            raise Failure(f"only {opened} of {count} idle links could be opened: {load.mark()['first_loss']}")
        yield load
        if load.mark()["open"] != count:
            raise Failure(f"idle links were lost: {load.mark()}")
