"""Tunnels of kind tls whose TLS ends in the agent: certificates obtained through the tunnel, or from files."""
import socket
import ssl
import stat

import pytest

from support.authority import Authority, serial_of
from support.data import blocks, checksum
from support.patience import PATIENCE, until
from support.pebble import Dns, Pebble
from support.wire import Wire

HOST = "site.example.org"


class Scene:
    """A relay that ends no TLS, an agent that does, and a plain service behind it."""

    def __init__(self, stage, pebble=(), tunnel=(), launch=True):
        self.relay = stage.relay(start=False, domain="acme.test")
        self.dns = stage._keep(Dns(stage.folder))
        self.pebble = stage._keep(Pebble(stage.folder / "pebble", self.relay, self.dns, **dict(pebble)))
        if launch:
            self.pebble.start()
        self.relay.config["listen"]["https"] = f"127.0.0.1:{self.relay.ports.https}"
        self.relay.write()
        self.relay.start()
        self.service = stage.service()
        token = self.relay.token("owner", "--hostname", HOST)
        self.agent = stage.agent(
            self.relay, {"site": {"tls": self.service.port, "hostname": HOST} | dict(tunnel or {"certificate": "auto"})},
            token=token, settings={"state_dir": str(stage.folder / "agent-state"), "acme": {
                "directory": self.pebble.directory, "ca_file": self.pebble.ca, "email": "me@example.org",
                "retry": {"min": "200ms", "max": "1s"}}})
        self.state = stage.folder / "agent-state"

    def tls(self, name=HOST, root=None):
        context = ssl.create_default_context(cafile=str(root or self.pebble.root()))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.relay.ports.https), PATIENCE),
                                   server_hostname=name)

    def visit(self, **options):
        with Wire(self.tls(**options)) as visitor:
            visitor.request(host=HOST)
            return visitor.response()[0].status


def test_the_agent_obtains_its_certificate_through_the_tunnel(stage):
    scene = Scene(stage)
    scene.agent.program.event("certificate issued", id=HOST)
    assert scene.visit() == 200
    # The key is here and nowhere else.
    keys = [p for p in scene.state.rglob("*.pem")]
    assert [p.name for p in keys] == [f"{HOST}.pem"] and stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert not [p for p in (scene.relay.folder / "state").rglob("*") if HOST in p.name]
    assert scene.relay.status()["certificates"] == []


def test_it_is_renewed_while_connections_go_on(stage):
    scene = Scene(stage, pebble={"certificateValidityPeriod": 9})
    scene.agent.program.event("certificate issued", id=HOST)
    with Wire(scene.tls()) as kept:
        first = serial_of(kept.sock)
        scene.agent.program.event("certificate renewed", id=HOST)
        with scene.tls() as fresh:
            assert serial_of(fresh) != first
        kept.request(host=HOST)
        assert kept.response()[0].status == 200


def test_a_restarted_agent_uses_what_it_has(stage):
    scene = Scene(stage)
    scene.agent.program.event("certificate issued", id=HOST)
    root = scene.pebble.root()
    scene.agent.program.kill()
    scene.pebble.close()
    scene.agent.start()
    until(lambda: scene.visit(root=root) == 200, "an answer")


def test_a_ca_that_is_down_is_asked_again_and_visitors_hear_an_alert(stage):
    scene = Scene(stage, launch=False)
    scene.agent.program.event("certificate not issued", id=HOST)
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        context = ssl.create_default_context()
        context.wrap_socket(socket.create_connection(("127.0.0.1", scene.relay.ports.https), PATIENCE),
                            server_hostname=HOST)
    scene.pebble.start()
    scene.agent.program.event("certificate issued", id=HOST)
    assert scene.visit() == 200


@pytest.fixture(scope="module")
def own(shared_stage):
    """With a certificate of one's own."""
    authority = Authority(shared_stage.folder / "authority")
    certificate, key = authority.issue(HOST)
    scene = Scene(shared_stage, launch=False, tunnel={"certificate_file": certificate, "certificate_key": key})
    scene.pebble.root = lambda: authority.file
    return scene


def test_files_serve_as_well(own):
    assert own.visit() == 200


def test_large_bodies_pass_both_ways(own):
    size = 40 << 20

    @own.service.on("/large")
    def large(wire, head):
        got = checksum([wire.body(head)])
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nX-Got: {got[0]} {got[1]}\r\n\r\n")
        for block in blocks(size):
            wire.send(block)

    expected = checksum(blocks(size))
    with Wire(own.tls()) as visitor:
        visitor.send(f"POST /large HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n\r\n")
        for block in blocks(size):
            visitor.send(block)
        head = visitor.head()
        assert head.get("X-Got") == f"{expected[0]} {expected[1]}"
        assert checksum([visitor.body(head)]) == expected


def test_a_visitor_that_reads_nothing_stops_the_upstream(own):
    sent = []

    @own.service.on("/endless")
    def endless(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        wire.sock.settimeout(2)
        try:
            while True:
                sent.append(wire.sock.send(bytes(1 << 20)))
        except TimeoutError:
            sent.append("stopped")
        return False

    with Wire(own.tls()) as visitor:
        visitor.request(target="/endless", host=HOST)
        assert visitor.head().status == 200
        until(lambda: sent and sent[-1] == "stopped", "the upstream is never stopped")
    assert sum(sent[:-1]) < 64 << 20


def test_the_end_of_an_answer_is_a_clean_end(own):
    @own.service.on("/until-the-end")
    def until_the_end(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
        return False

    with own.tls() as visitor:
        visitor.sendall(f"GET /until-the-end HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        got = b""
        while piece := visitor.recv(65536):
            got += piece
        assert got.endswith(b"all of it")


def test_a_visitor_that_is_cut_off_cuts_the_upstream_off(own):
    ended = []

    @own.service.on("/hold")
    def hold(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        try:
            ended.append(wire.sock.recv(1))
        except OSError:
            ended.append("reset")
        return False

    visitor = own.tls()
    visitor.sendall(f"GET /hold HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert visitor.recv(100)
    visitor.detach_ = socket.socket(fileno=visitor.detach())
    visitor.detach_.close()  # FIN without close_notify
    until(lambda: ended, "the upstream's end")


def test_an_upstream_that_is_gone_ends_the_visit(stage):
    authority = Authority(stage.folder / "authority")
    certificate, key = authority.issue(HOST)
    scene = Scene(stage, launch=False, tunnel={"tls": 1, "certificate_file": certificate, "certificate_key": key})
    with scene.tls(root=authority.file) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert visitor.recv(100) == b""


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"\x00" * 64])
def test_what_is_no_tls_ends_the_stream_alone(own, garbage):
    with socket.create_connection(("127.0.0.1", own.relay.ports.https), PATIENCE) as visitor:
        visitor.sendall(garbage)
        visitor.settimeout(PATIENCE)
        try:
            while visitor.recv(65536):
                pass
        except ConnectionResetError:
            pass
    assert own.visit() == 200
