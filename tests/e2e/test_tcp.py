"""tcp tunnels: ssh, scp and rsync, and the ways in which connections end."""
import hashlib
import os
import socket
import subprocess
import threading

import pytest

from support.data import checksum, write_file
from support.patience import PATIENCE, until
from support.ports import free_port
from support.sshd import Sshd
from support.wire import Wire, dial


class Port:
    """A tcp tunnel whose far end is `behave`, which a test sets."""

    def __init__(self, stage):
        self.behave = None
        self.upstream = stage.upstream(lambda wire: self.behave(wire))
        self.sshd = stage._keep(Sshd(stage.folder / "sshd"))
        self.relay = stage.relay()
        self.number, self.ssh = self.relay.ports.tcp[:2]
        self.agent = stage.agent(self.relay, {"raw": {"tcp": self.upstream.port, "remote_port": self.number},
                                              "ssh": {"tcp": self.sshd.port, "remote_port": self.ssh}})

    def connect(self, behave=None):
        if behave:
            self.behave = behave
        return dial(self.number)


@pytest.fixture(scope="module")
def port(shared_stage):
    return Port(shared_stage)


def test_ssh(port):
    assert port.sshd.ssh(port.ssh, "echo", "hello").strip() == b"hello"


def test_ssh_carries_much_both_ways(port):
    data = os.urandom(8 << 20)
    assert port.sshd.ssh(port.ssh, "cat", input=data) == data


def test_scp_and_rsync(port, tmp_path):
    expected = write_file(tmp_path / "file", 20 << 20)
    options = port.sshd.options()
    subprocess.run(["scp", "-q", *options, "-P", str(port.ssh), tmp_path / "file",
                    f"{port.sshd.target()}:{tmp_path}/copied"], check=True, timeout=PATIENCE)
    tree = tmp_path / "tree"
    for n in range(200):
        (tree / f"d{n % 10}").mkdir(parents=True, exist_ok=True)
        (tree / f"d{n % 10}" / f"f{n}").write_bytes(os.urandom(n * 100))
    for _ in range(2):  # the second finds everything there
        subprocess.run(["rsync", "-a", "-e", " ".join(["ssh", *options, "-p", str(port.ssh)]), f"{tree}/",
                        f"{port.sshd.target()}:{tmp_path}/synced/"], check=True, timeout=PATIENCE)
    with open(tmp_path / "copied", "rb") as copied:
        assert checksum(iter(lambda: copied.read(1 << 20), b"")) == expected
    assert subprocess.run(["diff", "-r", tree, tmp_path / "synced"]).returncode == 0


def test_many_ssh_at_once(port):
    results = []
    threads = [threading.Thread(target=lambda n=n: results.append(port.sshd.ssh(port.ssh, "echo", str(n)).strip()))
               for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(results) == sorted(str(n).encode() for n in range(8))


def test_visitor_ends_its_half_and_reads_the_answer(port):
    def answer(wire):
        data = wire.rest()
        wire.send(hashlib.sha256(data).digest())

    data = os.urandom(3 << 20)
    with port.connect(answer) as visitor:
        visitor.send(data)
        visitor.finish_writing()
        assert visitor.rest() == hashlib.sha256(data).digest()


def test_upstream_ends_its_half_and_reads_on(port):
    got = []

    def greet(wire):
        wire.send(b"hello")
        wire.finish_writing()
        got.append(wire.rest())

    with port.connect(greet) as visitor:
        assert visitor.rest() == b"hello"
        visitor.send(b"still here")
    until(lambda: got, "the rest")
    assert got == [b"still here"]


def test_abort_of_the_visitor_is_an_abort_for_the_upstream(port):
    how = []

    def listen(wire):
        wire.exactly(5)
        wire.send(b"x")
        how.append(wire.ending())

    visitor = port.connect(listen)
    visitor.send(b"hello")
    visitor.exactly(1)
    visitor.abort()
    until(lambda: how, "the end")
    assert how == ["reset"]


def test_abort_of_the_upstream_is_an_abort_for_the_visitor(port):
    def abort(wire):
        wire.exactly(5)
        wire.abort()

    with port.connect(abort) as visitor:
        visitor.send(b"hello")
        assert visitor.ending() == "reset"


def test_upstream_that_is_down_is_a_reset(stage):
    relay = stage.relay()
    number = relay.ports.tcp[0]
    agent = stage.agent(relay, {"raw": {"tcp": free_port(), "remote_port": number}})
    with dial(number) as visitor:
        assert visitor.ending() == "reset"
    agent.program.event("the upstream can't be reached")


def test_reader_that_stops_does_not_hold_up_others(port):
    def flood(wire):
        while True:
            wire.send(b"x" * 65536)

    stuck = port.connect(flood)
    stuck.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.exactly(10)
    with port.connect() as other:
        total = 0
        while total < 40 << 20:
            total += len(other.some())
    stuck.close()


def test_two_hundred_connections_at_once(port):
    together = threading.Barrier(201, timeout=PATIENCE)

    def echo(wire):
        together.wait()  # nobody is answered before all are there
        wire.send(wire.exactly(1000))

    port.behave = echo
    visitors = [dial(port.number) for _ in range(200)]
    data = [os.urandom(1000) for _ in visitors]
    for visitor, bytes_ in zip(visitors, data):
        visitor.send(bytes_)
    together.wait()
    for visitor, bytes_ in zip(visitors, data):
        assert visitor.exactly(1000) == bytes_
        visitor.close()


def test_the_relay_chooses_a_port_when_none_is_asked(stage):
    relay = stage.relay()
    upstream = stage.upstream(lambda wire: wire.send(b"chosen"))
    agent = stage.agent(relay, {"raw": {"tcp": upstream.port}})
    number = int(agent.program.event("tunnel open", tunnel="raw")["url"].rsplit(":", 1)[1])
    assert number in relay.ports.tcp
    with dial(number) as visitor:
        assert visitor.rest() == b"chosen"


def test_the_port_is_closed_with_its_tunnel(stage):
    relay = stage.relay()
    upstream = stage.upstream(lambda wire: wire.send(b"x"))
    number, other = relay.ports.tcp[:2]
    agent = stage.agent(relay, {"raw": {"tcp": upstream.port, "remote_port": number}})
    agent.write({"raw": {"tcp": upstream.port, "remote_port": other}})

    def moved():
        try:
            with dial(other) as visitor:
                return visitor.rest() == b"x"
        except OSError:
            return False

    until(moved, "the tunnel to move")

    def closed():
        try:
            dial(number).close()
        except ConnectionRefusedError:
            return True
    until(closed, "the old port to close")


def test_proxy_header_tells_the_visitors_address(stage):
    relay = stage.relay()
    upstream = stage.upstream(lambda wire: wire.send(wire.exactly(28)))
    number = relay.ports.tcp[0]
    stage.agent(relay, {"raw": {"tcp": upstream.port, "remote_port": number, "proxy_protocol": True}})
    with dial(number) as visitor:
        header = visitor.exactly(28)
        assert header[:12] == b"\r\n\r\n\0\r\nQUIT\n" and header[12] == 0x21 and header[13] == 0x11
        assert header[16:20] == socket.inet_aton("127.0.0.1")
        assert int.from_bytes(header[24:26], "big") == visitor.sock.getsockname()[1]
        assert int.from_bytes(header[26:28], "big") == number
