"""Visitors by HTTPS, with certificates of files."""
import asyncio
import base64
import hashlib
import socket
import ssl
import subprocess

import pytest
import websockets

from conftest import Tunnel
from support.authority import Authority, serial_of
from support.data import blocks, checksum
from support.patience import PATIENCE, until
from support.wire import Wire
from test_resilience import Load


NAMES = ["hello.localhost", "*.hello.localhost", "alpn.localhost", "wss.localhost", "localhost"]


class Secure(Tunnel):
    """As Tunnel, with TLS: the certificate holds NAMES. `visitor()` comes by TLS."""

    def __init__(self, stage, **options):
        self.authority = Authority(stage.folder / "authority")
        certificate, key = self.authority.issue(*NAMES)
        tls = {"mode": "files", "certificates": {"main": {"certificate": certificate, "key": key}}}
        relay = stage.relay(start=False)
        relay.config["listen"]["https"] = f"127.0.0.1:{relay.ports.https}"
        relay.config |= {"tls": tls | options.pop("tls", {})} | options
        relay.write()
        self.service, self.relay = stage.service(), relay.start()
        self.agent = stage.agent(relay, {"web": {"http": self.service.port, "name": "hello"}})
        self.port, self.https = relay.ports.http, relay.ports.https

    def tls(self, name="hello.localhost", context=None, session=None):
        plain = socket.create_connection(("127.0.0.1", self.https), PATIENCE)
        return (context or self.authority.client()).wrap_socket(plain, server_hostname=name, session=session)

    def visitor(self):
        return Wire(self.tls())

    def curl(self, path, *options, host="hello.localhost", check=True):
        command = ["curl", "-sS", "--noproxy", "*", "--max-time", str(PATIENCE * 5), "--cacert",
                   str(self.authority.file), "--resolve", f"{host}:{self.https}:127.0.0.1", *options,
                   f"https://{host}:{self.https}{path}"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * 6)
        assert not check or result.returncode == 0, result.stderr
        return result.stdout if check else result


@pytest.fixture(scope="module")
def secure(shared_stage):
    return Secure(shared_stage, https_redirect=True, hsts={"max_age": "24h", "include_subdomains": True})


def test_curl_gets_an_answer_and_the_upstream_hears_of_https(secure):
    seen = secure.curl("/x")
    assert '"X-Forwarded-Proto", "https"' in seen and "proto=https" in seen


def test_a_wildcard_serves_what_is_below(secure):
    assert secure.curl("/x", host="deep.hello.localhost")


def test_agents_show_https_urls(secure):
    urls = secure.relay.status()["tunnels"][0]["urls"]
    assert urls == [f"https://hello.localhost:{secure.https}/"]


def test_one_connection_serves_many_requests(secure):
    with secure.visitor() as visitor:
        for n in range(20):
            visitor.request(target=f"/{n}")
            assert visitor.response()[0].status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_sessions_resume_on_whichever_worker(secure, version):
    context, session, reused = secure.authority.client(version=version), None, 0
    for n in range(12):
        with Wire(secure.tls(context=context, session=session)) as visitor:
            visitor.request()
            assert visitor.response()[0].status == 200
            reused += visitor.sock.session_reused
            session = visitor.sock.session
    assert reused == 11


def test_old_versions_are_refused(secure):
    context = secure.authority.client()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        secure.tls(context=context)


def test_curl_speaks_http2(secure):
    result = secure.curl("/x", "--http2", "-w", "%{http_version} %header{strict-transport-security}")
    assert '"X-Forwarded-Proto", "https"' in result and "2 max-age=86400" in result


@pytest.mark.parametrize("name", ["other.example", "hello.localhost.example", "a.b.hello.localhost"])
def test_names_without_a_certificate_get_an_alert(secure, name):
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        secure.tls(name)


def test_large_bodies_pass_both_ways(secure):
    size = 40 << 20

    @secure.service.on("/large")
    def large(wire, head):
        got = checksum([wire.body(head)])
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nX-Got: {got[0]} {got[1]}\r\n\r\n")
        for block in blocks(size):
            wire.send(block)

    expected = checksum(blocks(size))
    with secure.visitor() as visitor:
        visitor.send(f"POST /large HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: {size}\r\n\r\n")
        for block in blocks(size):
            visitor.send(block)
        head = visitor.head()
        assert head.get("X-Got") == f"{expected[0]} {expected[1]}"
        assert checksum([visitor.body(head)]) == expected


def test_a_visitor_that_reads_nothing_stops_the_upstream(secure):
    sent = []

    @secure.service.on("/endless")
    def endless(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        wire.sock.settimeout(2)
        try:
            while True:
                sent.append(wire.sock.send(bytes(1 << 20)))
        except TimeoutError:
            sent.append("stopped")
        return False

    with secure.visitor() as visitor:
        visitor.request(target="/endless")
        assert visitor.head().status == 200
        until(lambda: sent and sent[-1] == "stopped", "the upstream is never stopped")
    assert sum(sent[:-1]) < 64 << 20


def test_an_upstream_that_dies_in_its_answer_is_no_clean_end(secure):
    @secure.service.on("/dies")
    def dies(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        return False

    with secure.visitor() as visitor:
        visitor.request(target="/dies")
        assert visitor.head().status == 200
        with pytest.raises((OSError, EOFError)):
            visitor.exactly(1000)


def test_a_whole_answer_ends_with_close_notify(secure):
    with secure.visitor() as visitor:
        visitor.request(headers=[("Connection", "close")])
        head, _ = visitor.response()
        assert head.get("Connection") == "close"
        visitor.sock.suppress_ragged_eofs = False
        assert visitor.sock.recv(10) == b""


def test_100_continue_passes(secure):
    with secure.visitor() as visitor:
        visitor.send("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        visitor.send("hello")
        head = visitor.head()
        while head.status == 100:
            head = visitor.head()
        assert head.status == 200


def test_pipelined_requests_are_answered_in_order(secure):
    with secure.visitor() as visitor:
        visitor.send("".join(f"GET /{n} HTTP/1.1\r\nHost: hello.localhost\r\n\r\n" for n in range(30)))
        for n in range(30):
            _, body = visitor.response()
            assert f'"/{n}"' in body.decode()


def test_a_hello_in_single_bytes_is_understood(secure):
    context, incoming, outgoing = secure.authority.client(), ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="hello.localhost")
    with socket.create_connection(("127.0.0.1", secure.https), PATIENCE) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    plain.send(bytes([byte]))
                incoming.write(plain.recv(1 << 16))
    assert tls.version() == "TLSv1.3"


def test_plain_http_on_the_https_port_is_told_so(secure):
    with Wire(socket.create_connection(("127.0.0.1", secure.https), PATIENCE)) as visitor:
        visitor.request()
        head = visitor.head()
        assert head.status == 400 and head.get("Sallyport-Error") == "https-only"


def test_websocket_over_tls(secure):
    @secure.service.on("/chat")
    def chat(wire, head):
        accept = hashlib.sha1((head.get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode())
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  f"Sec-WebSocket-Accept: {base64.b64encode(accept.digest()).decode()}\r\n\r\n")
        while True:  # echoes frames of up to 64 KiB as they are, unmasked
            first, second = wire.exactly(2)
            size = second & 127
            length = wire.exactly(2) if size == 126 else b""
            size = int.from_bytes(length, "big") if length else size
            mask = wire.exactly(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(wire.exactly(size)))
            wire.send(bytes([first, 126 if length else size]) + length + data)
            if first & 15 == 8:
                return False

    async def talk():
        async with websockets.connect("wss://hello.localhost/chat", host="127.0.0.1", port=secure.https,
                                      ssl=secure.authority.client(), server_hostname="hello.localhost",
                                      compression=None) as client:
            for message in ["hello", "x" * 60000, "bye"]:
                await client.send(message)
                assert await client.recv() == message

    asyncio.run(asyncio.wait_for(talk(), PATIENCE))


def test_plain_http_is_redirected(secure):
    with secure.relay.visitor() as visitor:
        for method, status in [("GET", 301), ("HEAD", 301), ("POST", 308), ("DELETE", 308)]:
            visitor.request(method, "/a%20b?c=d")
            head = visitor.head()
            assert head.status == status
            assert head.get("Location") == f"https://hello.localhost:{secure.https}/a%20b?c=d"
            assert not head.has("Strict-Transport-Security")


@pytest.mark.parametrize("target, host, status", [
    ("/health", "hello.localhost", 200), ("/.well-known/acme-challenge/x", "hello.localhost", 200),
    ("/", "nobody.localhost", 404)])
def test_exemptions_from_the_redirect(secure, target, host, status):
    with secure.relay.visitor() as visitor:
        visitor.request(target=target, host=host)
        assert visitor.head().status == status


def test_hsts_is_sent_over_https_alone_and_the_upstream_has_precedence(secure):
    with secure.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].all("Strict-Transport-Security") == ["max-age=86400; includeSubDomains"]

        @secure.service.on("/own")
        def own(wire, head):
            wire.answer("x", headers=[("strict-transport-security", "max-age=1")])

        visitor.request(target="/own")
        assert visitor.response()[0].all("Strict-Transport-Security") == ["max-age=1"]


def test_agent_restarted_within_the_grace_fails_no_request(stage):
    secure = Secure(stage, reconnect_grace="30s")
    load = Load(secure)
    for _ in range(4):  # the links come to different workers
        load.more()
        secure.agent.program.kill()
        secure.agent.start()
    load.more()
    assert load.stop() == []


def test_certificates_change_under_load(stage):
    secure = Secure(stage)
    kept = secure.visitor()
    kept.request()
    kept.response()
    load = Load(secure)
    for _ in range(3):
        load.more(50)
        secure.authority.issue(*NAMES, label="pair")
        until(lambda: serial_of(secure.tls()) == secure.authority.serial, "the new certificate is never shown")
    # A bad one is refused and the good one stays.
    place = len(secure.relay.program.log.all())
    (secure.authority.folder / "pair.key").write_text("no key")
    line = secure.relay.program.event("certificate not reloaded", place)
    assert "pair.key" in line["reason"]
    assert serial_of(secure.tls()) == secure.authority.serial
    kept.request()
    assert kept.response()[0].status == 200
    load.more(50)
    assert load.stop() == []


def test_half_open_handshakes_keep_nobody_out(stage):
    secure = Secure(stage)
    load = Load(secure)
    silent = []
    for n in range(2000):
        sock = socket.create_connection(("127.0.0.1", secure.https), PATIENCE)
        if n % 2:
            sock.send(b"\x16\x03\x01\x02\x00\x01")
        silent.append(sock)
        if n % 200 == 0:
            with secure.visitor() as visitor:
                visitor.request()
                assert visitor.response()[0].status == 200
    load.more()
    assert load.stop() == []
    for sock in silent:
        sock.close()


def test_agents_come_through_the_https_port(stage):
    secure = Secure(stage)
    by_alpn = stage.agent(secure.relay, {"web": {"http": secure.service.port, "name": "alpn"}},
                          settings={"relay": f"tls://127.0.0.1:{secure.https}"})
    by_wss = stage.agent(secure.relay, {"web": {"http": secure.service.port, "name": "wss"}},
                         settings={"relay": f"wss://localhost:{secure.https}", "pin": None,
                                   "ca_file": str(secure.authority.file)})
    for agent, name in [(by_alpn, "alpn"), (by_wss, "wss")]:
        with Wire(secure.tls(f"{name}.localhost")) as visitor:
            visitor.request(host=f"{name}.localhost")
            assert visitor.response()[0].status == 200


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_agent_whose_port_is_closed_comes_through_443_and_remembers_it(stage):
    secure = Secure(stage)
    agent = stage.agent(secure.relay, {"web": {"http": secure.service.port, "name": "alpn"}},
                        settings={"relay": f"127.0.0.1:{closed_port()}", "fallback_port": secure.https})
    said = agent.program.event("connected")
    assert (said["transport"], said["port"]) == ("tls", secure.https)
    ways = list(agent.folder.rglob("way.yaml"))
    assert len(ways) == 1 and f"tls:{secure.https}" in ways[0].read_text()
    with Wire(secure.tls("alpn.localhost")) as visitor:
        visitor.request(host="alpn.localhost")
        assert visitor.response()[0].status == 200


def test_an_agent_without_a_pin_trusts_the_certificate_on_443_instead_of_the_self_made_one(stage):
    secure = Secure(stage)
    agent = stage.agent(secure.relay, {"web": {"http": secure.service.port, "name": "wss"}},
                        settings={"relay": f"localhost:{secure.relay.ports.agents}", "pin": None,
                                  "ca_file": str(secure.authority.file), "fallback_port": secure.https})
    said = agent.program.event("connected")
    assert (said["transport"], said["port"]) == ("wss", secure.https)


def test_an_agent_with_a_pin_is_not_fooled_by_a_valid_certificate(stage):
    secure = Secure(stage)
    agent = stage.agent(secure.relay, {"web": {"http": secure.service.port, "name": "wss"}}, start=False,
                        settings={"relay": f"localhost:{closed_port()}", "pin": "sha256:" + "A" * 43,
                                  "ca_file": None, "fallback_port": secure.https})
    agent.launch("--no-retry")
    assert agent.program.wait() == 4
    assert not agent.program.said("connected")


def test_an_agent_by_websocket_needs_tls_or_this_machine(secure):
    with secure.relay.visitor() as visitor:
        visitor.request(target="/.sallyport/agent", host="localhost")
        assert visitor.head().status == 426  # loopback may; this one asks for no upgrade
