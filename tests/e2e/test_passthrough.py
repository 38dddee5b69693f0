"""tls tunnels: the relay reads the server name and passes everything on, unread."""
import os
import pathlib
import re
import socket
import ssl
import subprocess
import threading

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from support.authority import Authority
from support.between import Between
from support.data import checksum, file_checksum, write_file
from support.patience import PATIENCE, until
from support.ports import free_port, is_free
from support.wire import Wire, dial

ALERT = {"illegal_parameter": 47, "internal_error": 80, "unrecognized_name": 112}
SECRET = b"nobody-between-may-read-this"


class Nginx:
    """Serves a folder by TLS with a key of its own, and without TLS what a certificate authority asks for."""

    def __init__(self, folder, authority, name):
        self.folder, self.name = pathlib.Path(folder), name
        self.port, self.plain = free_port(), free_port()
        self.www = self.folder / "www"
        (self.www / ".well-known/acme-challenge").mkdir(parents=True)
        self.www.chmod(0o777)
        self.certificate, self.key = authority.issue(name, label=name)
        (self.www / "who").write_text(name)
        (self.folder / "nginx.conf").write_text(f"""
            daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off; default_type text/plain; client_max_body_size 0;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
                uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {self.certificate}; ssl_certificate_key {self.key};
                server {{ listen 127.0.0.1:{self.port} ssl http2; root {self.www}; dav_methods PUT; }}
                server {{ listen 127.0.0.1:{self.plain}; root {self.www};
                          location = /seen {{ return 200 "$http_x_forwarded_for $http_host"; }} }}
            }}""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", f"{folder}/error.log", "-c",
                                         f"{folder}/nginx.conf", *(["-g", "user root;"] if os.getuid() == 0 else [])])
        until(lambda: not is_free(self.port), "nginx")

    def close(self):
        self.process.terminate()
        self.process.wait()


def with_https(stage, start=True, **options):
    """A relay that takes TLS on listen.https; it ends none unless the options say so."""
    relay = stage.relay(start=False, **options)
    relay.config["listen"]["https"] = f"127.0.0.1:{relay.ports.https}"
    relay.write()
    return relay.start() if start else relay


class Sites:
    """Two nginx, each with a key of its own, on one agent; `a` has a whole port besides."""

    def __init__(self, stage):
        self.authority = Authority(stage.folder / "authority")
        self.a, self.b = (stage._keep(Nginx(stage.folder / f"nginx-{name}", self.authority, f"{name}.localhost"))
                          for name in "ab")
        self.relay = with_https(stage)
        self.https, self.port = self.relay.ports.https, self.relay.ports.tcp[0]
        self.agent = stage.agent(self.relay, {
            "a": {"tls": self.a.port, "name": "a", "remote_port": self.port, "http_upstream": self.a.plain},
            "b": {"tls": self.b.port, "name": "b"}})

    def curl(self, path, *options, host="a.localhost", port=None):
        port = port or self.https
        result = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "--max-time", str(PATIENCE), "--cacert", self.authority.file,
             "--resolve", f"{host}:{port}:127.0.0.1", *map(str, options), f"https://{host}:{port}{path}"],
            capture_output=True, timeout=PATIENCE * 2)
        assert result.returncode == 0, result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def sites(shared_stage):
    return Sites(shared_stage)


def client_hello(name, alpn=()):
    """As Python's OpenSSL writes it."""
    context = ssl.create_default_context()
    if alpn:
        context.set_alpn_protocols(alpn)
    out = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return out.read()


def alert_of(visitor):
    """The number of the alert that ends the connection."""
    record = visitor.rest()
    assert record[:6] == b"\x15\x03\x03\x00\x02\x02" and len(record) == 7, record
    return record[6]


# --- where visitors go ---

@pytest.mark.parametrize("host", ["a.localhost", "b.localhost"])
@pytest.mark.parametrize("version", ["--tlsv1.3", "--tls-max=1.2"])
@pytest.mark.parametrize("http", ["--http2", "--http1.1"])
def test_each_host_reaches_its_own_server(sites, host, version, http):
    version = version.split("=")
    assert sites.curl("/who", *version, http, host=host) == host.encode()


def test_who_names_no_server_reaches_the_holder_of_the_port(sites):
    shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{sites.port}", "-noservername"],
                           input=b"", capture_output=True, timeout=PATIENCE).stdout
    assert re.search(rb"CN ?= ?a\.localhost", shown)


def test_a_name_that_nobody_holds_reaches_the_holder_of_the_port(sites):
    shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{sites.port}", "-servername", "x.acme.org"],
                           input=b"", capture_output=True, timeout=PATIENCE).stdout
    assert re.search(rb"CN ?= ?a\.localhost", shown)


def test_any_depth_below_a_name_is_the_names(stage):
    hello = client_hello("x.y.deep.localhost")
    upstream = stage.upstream(lambda wire: wire.send(wire.exactly(len(hello))))
    relay = with_https(stage)
    port = relay.ports.https
    stage.agent(relay, {"deep": {"tls": upstream.port, "name": "deep"}})
    with dial(port) as visitor:
        visitor.send(hello)
        assert visitor.rest() == hello


def test_status_and_urls_tell_of_tls(sites):
    tunnels = {tunnel["tunnel"]: tunnel for tunnel in sites.relay.status()["tunnels"]}
    assert tunnels["a"]["kind"] == "tls"
    assert tunnels["a"]["urls"] == [f"tls://a.localhost:{sites.https}", f"tls://localhost:{sites.port}"]
    url = sites.agent.program.event("tunnel open", tunnel="a")["url"]
    assert url.startswith("tls://")


# --- the bytes ---

@pytest.mark.parametrize("command", ["curl", "openssl"])
def test_hello_one_byte_at_a_time(sites, stage, command):
    dribble = stage._keep(Between(sites.https, dribble=600))
    if command == "curl":
        assert sites.curl("/who", host="b.localhost", port=dribble.port) == b"b.localhost"
        return
    shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{dribble.port}", "-servername",
                            "b.localhost", "-CAfile", sites.authority.file, "-verify_return_error"],
                           input=b"", capture_output=True, timeout=PATIENCE)
    assert b"Verify return code: 0 (ok)" in shown.stdout and re.search(rb"CN ?= ?b\.localhost", shown.stdout)


def test_large_file_up_and_down(sites, tmp_path):
    expected = write_file(tmp_path / "file", 60 << 20)
    sites.curl("/stored", "-T", tmp_path / "file", "-f", "--http1.1")
    assert file_checksum(sites.a.www / "stored") == expected
    sites.curl("/stored", "-o", tmp_path / "got", "-f")
    assert file_checksum(tmp_path / "got") == expected


def test_many_at_once(sites):
    results = []

    def fetch(host):
        results.append(sites.curl("/who", host=host) == host.encode())

    threads = [threading.Thread(target=fetch, args=(f"{'ab'[n % 2]}.localhost",)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert results == [True] * 30


class Raw:
    """A tls tunnel whose upstream is a test's own function on the bare bytes."""

    def __init__(self, stage, **tunnel):
        self.behave = None
        self.upstream = stage.upstream(lambda wire: self.behave(wire))
        self.relay = with_https(stage)
        self.port = self.relay.ports.https
        self.agent = stage.agent(self.relay, {"raw": {"tls": self.upstream.port, "name": "raw"} | tunnel})

    def visit(self, behave, hello=None):
        self.behave = behave
        visitor = dial(self.port)
        visitor.send(hello or client_hello("raw.localhost"))
        return visitor


@pytest.fixture(scope="module")
def raw(shared_stage):
    return Raw(shared_stage)


def test_every_byte_passes_as_it_came(raw):
    hello, data = client_hello("raw.localhost"), os.urandom(3 << 20)
    with raw.visit(lambda wire: wire.send(wire.rest()), hello) as visitor:
        threading.Thread(target=lambda: (visitor.send(data), visitor.finish_writing())).start()
        assert visitor.exactly(len(hello)) == hello
        assert checksum([visitor.rest()]) == checksum([data])


def test_upstream_ends_its_half_and_reads_on(raw):
    got = []

    def greet(wire):
        wire.send(b"hello")
        wire.finish_writing()
        got.append(wire.rest())

    with raw.visit(greet) as visitor:
        assert visitor.rest() == b"hello"
        visitor.send(b"still here")
    until(lambda: got, "the rest")
    assert got[0].endswith(b"still here")


def test_abort_of_the_visitor_is_an_abort_for_the_upstream(raw):
    how = []

    def listen(wire):
        wire.exactly(5)
        wire.send(b"x")
        how.append(wire.ending())

    visitor = raw.visit(listen)
    visitor.exactly(1)
    visitor.abort()
    until(lambda: how, "the end")
    assert how == ["reset"]


def test_abort_of_the_upstream_is_an_abort_for_the_visitor(raw):
    def abort(wire):
        wire.exactly(5)
        wire.abort()

    with raw.visit(abort) as visitor:
        assert visitor.ending() == "reset"


def test_websocket(sites, stage):
    """Upgraded inside the TLS, where the relay sees nothing of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sites.authority.issue("chat.localhost", label="chat"))

    def chat(wire):
        inside = Wire(context.wrap_socket(wire.sock, server_side=True))
        assert inside.head().get("Upgrade") == "websocket"
        inside.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        for _ in range(100):
            inside.send(inside.exactly(10))

    relay = with_https(stage)
    stage.agent(relay, {"chat": {"tls": stage.upstream(chat).port, "name": "chat"}})
    client = ssl.create_default_context(cafile=sites.authority.file)
    with Wire(client.wrap_socket(socket.create_connection(("127.0.0.1", relay.ports.https)),
                                 server_hostname="chat.localhost")) as visitor:
        visitor.request(host="chat.localhost", headers=[
            ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])
        assert visitor.head().status == 101
        for n in range(100):
            frame = b"\x82\x88" + os.urandom(8)
            visitor.send(frame)
            assert visitor.exactly(10) == frame


# --- what the relay can see ---

def tls_records(stream):
    """Splits a direction of a connection; fails when anything is no TLS record."""
    kinds = []
    while stream:
        kind, major, size = stream[0], stream[1], int.from_bytes(stream[3:5], "big")
        assert kind in (20, 21, 22, 23) and major == 3 and size <= (1 << 14) + 256, stream[:16]
        assert len(stream) >= 5 + size
        kinds.append(kind)
        stream = stream[5 + size:]
    return kinds


def memory_of(pid):
    """All that a process holds and lets be read."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            start, end, mode = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if mode[0] != "r" or "[v" in line:
                continue
            memory.seek(int(start, 16))
            try:
                yield memory.read(int(end, 16) - int(start, 16))
            except OSError:
                continue


def test_the_relay_carries_nothing_but_tls_and_never_has_the_key(sites, stage):
    relay = with_https(stage)
    port = relay.ports.https
    # Plaintext on the link, so that what it carries can be looked at.
    link = stage._keep(Between(relay.ports.agents, keep=True))
    upstream = stage._keep(Between(sites.b.port, keep=True))
    (sites.b.www / "secret").write_bytes(SECRET * 1000)
    stage.agent(relay, {"b": {"tls": upstream.port, "name": "b"}},
                settings={"relay": f"tcp://127.0.0.1:{link.port}", "pin": None})
    path = f"/secret?{SECRET.decode()}"
    assert sites.curl(path, host="b.localhost", port=port) == SECRET * 1000
    assert sites.curl(path, "--tls-max", "1.2", host="b.localhost", port=port) == SECRET * 1000

    # Two connections, each a row of whole records from its first byte on.
    for direction in (bytes(upstream.forth), bytes(upstream.back)):
        kinds = tls_records(direction)
        assert kinds[0] == 22 and 23 in kinds
    carried = bytes(link.forth) + bytes(link.back)
    assert bytes(upstream.forth)[:200] in carried  # it is this link that was looked at
    key = load_pem_private_key(pathlib.Path(sites.b.key).read_bytes(), None)
    number = key.private_numbers().private_value.to_bytes(32, "big")
    for secret in (SECRET, number, number[::-1]):
        assert secret not in carried
        assert not any(secret in part for part in memory_of(relay.program.pid))
    # The search finds what is there.
    assert any(b"b.localhost" in part for part in memory_of(relay.program.pid))
    for file in relay.folder.rglob("*"):
        assert not file.is_file() or SECRET not in file.read_bytes()


def test_proxy_header_tells_visitor_server_name_and_protocol(stage):
    raw = Raw(stage, proxy_protocol=True)
    seen = []

    def read(wire):
        fixed = wire.exactly(16)
        seen.append((fixed, wire.exactly(int.from_bytes(fixed[14:16], "big")), wire.exactly(len(hello))))

    hello = client_hello("raw.localhost", ["h2"])
    with raw.visit(read, hello) as visitor:
        address = visitor.sock.getsockname()
        visitor.rest()
    fixed, rest, behind = seen[0]
    assert fixed[:12] == b"\r\n\r\n\0\r\nQUIT\n" and fixed[12:14] == b"\x21\x11"
    assert rest[:4] == socket.inet_aton("127.0.0.1")
    assert int.from_bytes(rest[8:10], "big") == address[1] and int.from_bytes(rest[10:12], "big") == raw.port
    tlvs = {}
    rest = rest[12:]
    while rest:
        size = int.from_bytes(rest[1:3], "big")
        tlvs[rest[0]], rest = rest[3:3 + size], rest[3 + size:]
    assert tlvs[2] == b"raw.localhost" and tlvs[1] == b"h2" and 0x20 not in tlvs
    assert behind == hello


# --- when it can't go on ---

def test_malformed_hello_gets_an_alert(raw):
    hello = bytearray(client_hello("raw.localhost"))
    hello[hello.index(b"raw.localhost") + 3] = 0x20
    with dial(raw.port) as visitor:
        visitor.send(bytes(hello))
        assert alert_of(visitor) == ALERT["illegal_parameter"]


def s_client_error(port, *options):
    return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input=b"",
                          capture_output=True, timeout=PATIENCE).stderr


def test_clients_hear_that_the_agent_is_away(stage):
    raw = Raw(stage)
    raw.agent.program.kill()
    until(lambda: raw.relay.status()["tunnels"][0]["state"] == "away", "the grace to end")
    assert b"internal error" in s_client_error(raw.port, "-servername", "raw.localhost")


@pytest.mark.parametrize("name", [("-servername", "nobody.localhost"), ("-noservername",)])
def test_clients_hear_that_nobody_has_the_name(raw, name):
    assert b"unrecognized name" in s_client_error(raw.port, *name)


def test_what_is_not_tls_is_cut(sites):
    with dial(sites.port) as visitor:
        visitor.request(host="a.localhost")
        assert visitor.ending() == "reset"


def test_visitor_waits_for_a_link_that_just_dropped(stage):
    relay = with_https(stage, reconnect_grace="30s")
    hello = client_hello("raw.localhost")
    upstream = stage.upstream(lambda wire: wire.send(wire.exactly(len(hello))))
    port = relay.ports.https
    agent = stage.agent(relay, {"raw": {"tls": upstream.port, "name": "raw"}})
    agent.program.kill()
    relay.program.event("link down")
    with dial(port) as visitor:
        visitor.send(hello)
        agent.start()
        assert visitor.rest() == hello


def test_visitor_waits_for_agents_after_the_relays_own_start(stage):
    relay = with_https(stage, start=False, reconnect_grace="30s")
    hello = client_hello("raw.localhost")
    upstream = stage.upstream(lambda wire: wire.send(wire.exactly(len(hello))))
    agent = stage.agent(relay, {"raw": {"tls": upstream.port, "name": "raw"}}, start=False)
    relay.start()
    with dial(relay.ports.https) as visitor:
        visitor.send(hello)
        agent.start()
        assert visitor.rest() == hello


def test_two_thousand_half_open_ones_shut_nobody_out(sites, stage):
    relay = with_https(stage, limits={"peeking": 500})
    port = relay.ports.https
    stage.agent(relay, {"a": {"tls": sites.a.port, "name": "a"}})
    hello = client_hello("a.localhost")
    # Half of them say nothing at all, half of them stop in the middle.
    half_open = []
    for n in range(2000):
        one = socket.create_connection(("127.0.0.1", port))
        if n % 2:
            one.send(hello[:100])
        half_open.append(one)
        if n % 200 == 0:
            assert sites.curl("/who", port=port) == b"a.localhost"
    for _ in range(10):
        assert sites.curl("/who", port=port) == b"a.localhost"
    status = relay.status()
    assert 400 <= status["peeking"] <= 510 and status["visitors"] <= 20
    for one in half_open:
        one.close()
    until(lambda: relay.status()["peeking"] == 0, "the places to be free")


@pytest.mark.parametrize("said", [0, 100])
def test_who_says_too_little_in_time_is_cut(stage, said):
    relay = with_https(stage, limits={"peek_first_byte": "100ms", "peek_progress": "100ms"})
    port = relay.ports.https
    hello = client_hello("a.localhost")
    with dial(port) as visitor:
        visitor.send(hello[:said])
        assert visitor.ending() == "reset"


# --- without TLS ---

def test_plain_http_reaches_the_http_upstream(sites):
    (sites.a.www / ".well-known/acme-challenge/token").write_text("proof")
    with sites.relay.visitor() as visitor:
        for _ in range(3):
            visitor.request(host="a.localhost", target="/.well-known/acme-challenge/token")
            head, body = visitor.response()
            assert head.status == 200 and body == b"proof"
        visitor.request(host="a.localhost", target="/seen")
        assert visitor.response()[1] == b"127.0.0.1 a.localhost"


def test_plain_http_without_an_http_upstream_is_sent_to_https(sites):
    with sites.relay.visitor() as visitor:
        visitor.request(host="b.localhost", target="/path?q=1")
        head, _ = visitor.response()
        assert head.status == 301 and head.get("Location") == f"https://b.localhost:{sites.https}/path?q=1"
        visitor.request(host="b.localhost", method="POST", body=b"x")
        head, _ = visitor.response()
        assert head.status == 308 and head.get("Connection") == "close"


# --- beside TLS that the relay ends ---

@pytest.fixture(scope="module")
def mixed(shared_stage, sites):
    """One relay with tunnels of both kinds, and a certificate for every name of its domain."""
    certificate, key = sites.authority.issue("*.localhost", "web.localhost", label="wildcard")
    relay = with_https(shared_stage, start=False)
    port = relay.ports.https
    relay.config |= {"tls": {"mode": "files", "certificates": {"main": {"certificate": certificate, "key": key}},
                             "default_certificate": "main"}, "tcp_ports": f"{port}-{port + 8}"}
    relay.write()
    relay.start()
    service = shared_stage.service()
    shared_stage.agent(relay, {"a": {"tls": sites.a.port, "name": "a"}, "web": {"http": service.port, "name": "web"}})
    return relay


def subject_shown(port, *options):
    shown = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input=b"",
                           capture_output=True, timeout=PATIENCE).stdout
    return re.search(rb"subject=CN ?= ?(\S+)", shown)[1]


def test_each_host_by_its_kind(mixed, sites):
    assert subject_shown(mixed.ports.https, "-servername", "a.localhost") == b"a.localhost"
    assert subject_shown(mixed.ports.https, "-servername", "web.localhost") == b"*.localhost"
    assert sites.curl("/who", port=mixed.ports.https) == b"a.localhost"
    assert b'"method": "GET"' in sites.curl("/x", host="web.localhost", port=mixed.ports.https)


@pytest.mark.parametrize("http", ["--http1.1", "--http2"])
def test_a_request_for_a_tls_tunnel_inside_tls_of_the_relay_is_misdirected(mixed, sites, http):
    result = sites.curl("/who", "-i", "-H", "Host: a.localhost", http, host="web.localhost", port=mixed.ports.https)
    assert b" 421 " in result and b"sallyport-error: misdirected-request" in result.lower()


def test_two_thousand_unfinished_handshakes_shut_nobody_out(mixed, sites):
    """Each has said its hello, and leaves the relay's answer unread."""
    hello, port = client_hello("web.localhost"), mixed.ports.https
    half_open = []
    for n in range(2000):
        one = socket.create_connection(("127.0.0.1", port))
        one.send(hello)
        half_open.append(one)
        if n % 200 == 0:
            assert b'"method": "GET"' in sites.curl("/x", host="web.localhost", port=port)
            assert sites.curl("/who", port=port) == b"a.localhost"
    for _ in range(10):
        assert b'"method": "GET"' in sites.curl("/x", host="web.localhost", port=port)
    for one in half_open:
        one.close()


def test_challenges_of_a_certificate_authority_pass_through(mixed, sites, stage):
    """acme-tls/1 with the name of a tls tunnel is for whoever has its key."""
    shown = s_client_error(mixed.ports.https, "-servername", "a.localhost", "-alpn", "acme-tls/1")
    assert b"unrecognized name" not in shown
    assert subject_shown(mixed.ports.https, "-servername", "a.localhost", "-alpn", "acme-tls/1,http/1.1") == b"a.localhost"


def test_a_claim_of_the_whole_https_port(mixed, sites, stage):
    """For visitors who name no server; until then they get the relay's default certificate."""
    assert subject_shown(mixed.ports.https, "-noservername") == b"*.localhost"
    agent = stage.agent(mixed, {"all": {"tls": sites.b.port, "remote_port": mixed.ports.https}})
    assert subject_shown(mixed.ports.https, "-noservername") == b"b.localhost"
    assert subject_shown(mixed.ports.https, "-servername", "web.localhost") == b"*.localhost"
    assert subject_shown(mixed.ports.https, "-servername", "a.localhost") == b"a.localhost"
    agent.program.terminate()
    until(lambda: subject_shown(mixed.ports.https, "-noservername") == b"*.localhost", "the port to be free")
