"""A network of its own for the benchmark: loopback only, with settings that do not distort what is measured.

The default of many hosts (BBR) paces on the loopback and halves it; the default range of local ports holds
28,232, which the new-connection rows use up in two seconds. Both are set here, inside a private network
namespace, so that the machine's own settings stay as they are.
"""
import os
import pathlib
import resource
import shutil
import subprocess
import sys

INSIDE = "SALLYPORT_BENCH_INSIDE"
LOCAL_PORTS = "10000 65535"  # every listener of the benchmark stands below
WANTED_DESCRIPTORS = 200_000

SYSCTLS = {
    "net/ipv4/tcp_congestion_control": "reno",
    "net/ipv4/ip_local_port_range": LOCAL_PORTS,
    "net/ipv4/tcp_tw_reuse": "1",
    "net/core/somaxconn": "4096",
}


def enter():
    """Starts the program again inside; returns there, with what was set."""
    if os.environ.get(INSIDE):
        return prepare()
    if not shutil.which("unshare"):
        sys.exit("bench: needs unshare (util-linux)")
    unshare = ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        sys.exit("bench: cannot make a network namespace; run as root or allow user namespaces")
    os.environ[INSIDE] = "1"
    os.execvp("unshare", [*unshare, "/usr/bin/python3", *sys.argv])


def prepare():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    settings = {}
    for name, value in SYSCTLS.items():
        path = pathlib.Path("/proc/sys") / name
        try:
            path.write_text(value)
        except OSError:
            pass  # what holds is read back and printed
        try:
            settings[name.replace("/", ".")] = " ".join(path.read_text().split())
        except OSError:
            settings[name.replace("/", ".")] = "unknown"
    settings["descriptors"] = raise_descriptor_limit()
    return settings


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (max(hard, WANTED_DESCRIPTORS), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            return limit
        except (OSError, ValueError):
            continue
    return hard
