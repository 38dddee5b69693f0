"""Who may visit is decided at the relay, before a byte reaches the agent."""
import base64
import hashlib
import json
import subprocess

import pytest

from conftest import Tunnel
from support.clients import curl
from support.patience import PATIENCE, until
from support.programs import AGENT, Program, environment
from support.wire import dial
from test_passthrough import alert_of, client_hello, with_https


def hash_password(folder, password):
    result = subprocess.run([AGENT, "hash-password"], input=password + "\n", capture_output=True, text=True,
                            env=environment(folder), timeout=PATIENCE)
    assert result.returncode == 0 and result.stdout.startswith("$argon2id$"), result.stderr
    return result.stdout.strip()


def token_hash(token):
    return "sha256:" + hashlib.sha256(token.encode()).hexdigest()


class Recording(dict):
    """In the place of a service's paths: keeps the heads of all requests that arrive."""

    def __init__(self):
        self.heads = []

    def get(self, path, default=None):
        def record(wire, head):
            self.heads.append(head)
            return default(wire, head)
        return record


def recorded(tunnel):
    tunnel.service.paths = Recording()
    tunnel.requests = tunnel.service.paths.heads
    return tunnel


def guarded(stage, access, **options):
    return recorded(Tunnel(stage, tunnels=lambda service: {
        "web": {"http": service.port, "name": "hello", "access": access}}, **options))


def status(tunnel, path="/", *options):
    text = curl(tunnel, path, "-o", "/dev/null", "--path-as-is", "-w", "%{http_code} %header{sallyport-error}", *options)
    code, _, error = text.partition(" ")
    return (int(code), error) if error else int(code)


@pytest.fixture(scope="module")
def door(shared_stage, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hash")
    return guarded(shared_stage, {
        "users": {"alice": hash_password(folder, "pass:w\u00f6rd"), "bob": hash_password(folder, "b")},
        "tokens": [token_hash("s3cret")], "token_header": "X-Token", "token_query": "token",
        "except": ["/open/*"], "realm": "home"})


def test_password(door):
    before = len(door.requests)
    assert status(door) == (401, "credentials-required")
    head = curl(door, "/", "-i")
    assert 'WWW-Authenticate: Basic realm="home", charset="UTF-8"' in head
    assert status(door, "/", "-u", "alice:wrong") == (401, "credentials-wrong")
    assert len(door.requests) == before
    assert status(door, "/", "-u", "alice:pass:w\u00f6rd") == 200
    assert len(door.requests) == before + 1
    assert not door.requests[-1].has("Authorization")


def test_page_for_browsers(door):
    page = curl(door, "/", "-H", "Accept: text/html")
    assert page.startswith("<!doctype html>") and "credentials-required" in page


def test_token(door):
    assert status(door, "/", "-H", "X-Token: s3cret") == 200
    assert not door.requests[-1].has("X-Token")
    assert status(door, "/a?x=1&token=s3cret&y=2") == 200
    assert door.requests[-1].target == "/a?x=1&y=2"
    assert status(door, "/", "-H", "X-Token: s3cre") == (401, "credentials-wrong")


@pytest.mark.parametrize("path", ["/open/../admin", "/open/%2e%2e/admin", "/open/..%2fadmin", "/open/..;/admin",
                                  "/open/%252e%252e/admin", "/open//../admin", "/open", "/OPEN/x", "//open/x",
                                  "/open\\..\\admin"])
def test_no_spelling_gets_past(door, path):
    before = len(door.requests)
    assert status(door, path) in ((401, "credentials-required"), (400, "invalid-target"))
    assert len(door.requests) == before


def test_exception(door):
    assert status(door, "/open/x?y=/../z") == 200
    assert status(door, "/%6fpen/x") == 200


def test_refused_upgrade_reaches_no_agent(door):
    opened = len(door.requests)
    with dial(door.port) as visitor:
        visitor.send(b"GET /ws HTTP/1.1\r\nHost: hello.localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                     b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        assert visitor.response()[0].status == 401
    assert len(door.requests) == opened


def test_body_of_a_refused_request_goes_nowhere(door):
    before = len(door.requests)
    assert status(door, "/", "-d", "x" * 100_000) == (401, "credentials-required")
    assert len(door.requests) == before
    assert status(door, "/", "-u", "bob:b", "-d", "x" * 100_000) == 200


def test_kept_connection_is_asked_at_each_request(door):
    pair = base64.b64encode(b"bob:b").decode()
    with dial(door.port) as visitor:
        for authorization, expected in ((None, 401), (pair, 200), (None, 401), (pair, 200)):
            field = f"Authorization: Basic {authorization}\r\n" if authorization else ""
            visitor.send(f"GET / HTTP/1.1\r\nHost: hello.localhost\r\n{field}\r\n".encode())
            assert visitor.response()[0].status == expected


def test_http2_visitors_meet_the_same_rules(door):
    before = len(door.requests)
    h2 = "--http2-prior-knowledge"
    assert status(door, "/", h2) == (401, "credentials-required")
    assert status(door, "/", h2, "-u", "alice:wrong again") == (401, "credentials-wrong")
    assert status(door, "/open/..%2fadmin", h2) == (401, "credentials-required")
    # The rest of the body is not wanted once the answer is whole; this curl may call that an error.
    curl(door, "/", h2, "-d", "x" * 100_000, check=False)
    assert 'www-authenticate: Basic realm="home"' in curl(door, "/", "-i", h2)
    assert len(door.requests) == before
    assert status(door, "/", h2, "-u", "bob:b", "-d", "x" * 100_000) == 200
    assert status(door, "/a?token=s3cret", h2) == 200
    assert not door.requests[-2].has("Authorization") and door.requests[-1].target == "/a"
    assert status(door, "/open/x", h2) == 200


def test_guesses_are_slowed_and_noted(stage, tmp_path):
    tunnel = guarded(stage, {"users": {"alice": hash_password(tmp_path, "right")}})
    assert status(tunnel, "/", "-u", "alice:right") == 200
    answers = [status(tunnel, "/", "-u", f"alice:guess{i}") for i in range(7)]
    assert answers[:5] == [(401, "credentials-wrong")] * 5
    assert (429, "too-many-attempts") in answers
    assert "Retry-After: " in curl(tunnel, "/", "-i", "-u", "alice:another")
    assert status(tunnel, "/", "-u", "alice:right") == 200
    audit = (tunnel.relay.folder / "state" / "audit.jsonl").read_text()
    noted = [json.loads(line) for line in audit.splitlines() if "visitor.refused" in line]
    assert noted and noted[0]["visitor"] == "127.0.0.1" and noted[0]["host"] == "hello.localhost"
    assert "guess" not in audit and "guess" not in tunnel.relay.log_text()


def test_networks(stage):
    tunnel = guarded(stage, {"allow": ["10.0.0.0/8"]})
    assert status(tunnel) == (403, "network-refused")
    # A claim of one's own counts for nothing.
    assert status(tunnel, "/", "-H", "X-Forwarded-For: 10.1.2.3") == (403, "network-refused")
    assert status(tunnel, "/", "-H", "Forwarded: for=10.1.2.3") == (403, "network-refused")
    assert not tunnel.requests


def test_networks_behind_a_proxy(stage):
    tunnel = guarded(stage, {"allow": ["10.0.0.0/8"]}, trusted_proxies=["127.0.0.1"])
    assert status(tunnel, "/", "-H", "X-Forwarded-For: 10.1.2.3") == 200
    assert status(tunnel, "/", "-H", "X-Forwarded-For: 10.1.2.3, 203.0.113.9") == (403, "network-refused")
    assert status(tunnel) == (403, "network-refused")


def test_tcp_from_a_denied_network(stage):
    upstream = stage.upstream(lambda wire: wire.send(b"hello"))
    relay = stage.relay()
    port = relay.ports.tcp[0]
    agent = stage.agent(relay, {"raw": {"tcp": upstream.port, "remote_port": port, "access": {"deny": ["127.0.0.0/8"]}}})

    def answer():
        try:
            with dial(port) as visitor:
                return visitor.some()
        except ConnectionResetError:
            return b""

    assert answer() == b""
    agent.write({"raw": {"tcp": upstream.port, "remote_port": port}})
    until(lambda: answer() == b"hello", "the tunnel to be open to all")


def test_tls_from_a_denied_network(stage):
    relay = with_https(stage)
    upstream = stage.upstream(lambda wire: wire.send(b"reached"))
    agent = stage.agent(relay, {"site": {"tls": upstream.port, "name": "hello", "access": {"allow": ["10.0.0.0/8"]}}})
    until(lambda: upstream.connections == 1, "the agent's own look whether it is there")
    with dial(relay.ports.https) as visitor:
        visitor.send(client_hello("hello.localhost"))
        assert alert_of(visitor) == 49  # access_denied
    assert upstream.connections == 1
    agent.write({"site": {"tls": upstream.port, "name": "hello", "access": {"allow": ["127.0.0.0/8"]}}})
    relay.program.event("access changed")
    with dial(relay.ports.https) as visitor:
        visitor.send(client_hello("hello.localhost"))
        assert visitor.some() == b"reached"


def test_changed_rules_keep_connections(stage, tmp_path):
    tunnel = recorded(Tunnel(stage))
    with dial(tunnel.port) as visitor:
        visitor.send(b"GET /one HTTP/1.1\r\nHost: hello.localhost\r\n\r\n")
        assert visitor.response()[0].status == 200
        access = {"users": {"alice": hash_password(tmp_path, "right")}}
        tunnel.agent.write({"web": {"http": tunnel.service.port, "name": "hello", "access": access}})
        tunnel.relay.program.event("access changed", tunnel="web")

        def now():
            visitor.send(b"GET /two HTTP/1.1\r\nHost: hello.localhost\r\n\r\n")
            return visitor.response()[0].status
        until(lambda: now() == 401, "the new rules")
        assert not tunnel.agent.program.said("tunnel closed")
        tunnel.agent.write({"web": {"http": tunnel.service.port, "name": "hello"}})
        until(lambda: now() == 200, "no rules")


def test_status_tells_who_may_visit(stage, tmp_path):
    tunnel = guarded(stage, {"users": {"alice": hash_password(tmp_path, "x")}, "deny": ["192.0.2.1"]})
    assert tunnel.relay.status()["tunnels"][0]["access"] == ["networks", "password"]
    assert "networks, password" in tunnel.relay.command("status").stdout


@pytest.mark.parametrize("access, said", [
    ({"users": {"alice": "hunter2"}}, "hash-password"),
    ({"tokens": [token_hash("x")]}, "token_header"),
    ({"except": ["/x"]}, "access.users"),
    ({"users": {"a:b": "x"}}, "colon"),
    ({"allow": ["10.0.0.1/8"]}, "prefix"),
    ({"tokens": [token_hash("x")], "token_header": "Host"}, "X-Token"),
    ({"colour": "red"}, "unknown key"),
])
def test_wrong_rules_are_refused_with_their_place(stage, access, said):
    relay = stage.relay(start=False)
    agent = stage.agent(relay, {"web": {"http": 9, "access": access}}, start=False).launch()
    assert agent.program.wait() == 2
    assert "agent.yaml" in agent.log_text() and "access" in agent.log_text() and said in agent.log_text()
    assert "hunter2" not in agent.log_text()


def one_line(stage, *flags, **env):
    relay = stage.relay()
    service = stage.service()
    agent = stage.agent(relay, {}, start=False, env=tuple(env.items()))
    agent.file.write_text(json.dumps(agent.config))
    command = [AGENT, "http", str(service.port), "--name", "hello", "--config", str(agent.file), *flags]
    agent.program = Program(command, agent.env, agent.folder, agent.folder / "agent.log")
    agent.program.event("tunnel open")
    tunnel = Tunnel.__new__(Tunnel)
    tunnel.relay, tunnel.service, tunnel.agent, tunnel.port = relay, service, agent, relay.ports.http
    return tunnel


def test_one_line_forms(stage, tmp_path):
    tunnel = one_line(stage, "--basic-auth", "alice:pa:ss", "--allow", "127.0.0.0/8,::1")
    assert status(tunnel) == (401, "credentials-required")
    assert status(tunnel, "/", "-u", "alice:pa:ss") == 200
    file = tmp_path / "door"
    file.write_text("alice:from file\n")
    tunnel = one_line(stage, "--basic-auth-file", str(file))
    assert status(tunnel, "/", "-u", "alice:from file") == 200
    tunnel = one_line(stage, SALLYPORT_BASIC_AUTH="alice:variable")
    assert status(tunnel) == (401, "credentials-required")
    assert status(tunnel, "/", "-u", "alice:variable") == 200
    tunnel = one_line(stage, "--deny", "127.0.0.0/8")
    assert status(tunnel) == (403, "network-refused")


def test_made_token_is_shown_once_with_its_hash(tmp_path):
    made = subprocess.run([AGENT, "access-token"], capture_output=True, text=True, env=environment(tmp_path))
    token = made.stdout.strip()
    assert len(token) == 43 and token_hash(token) in made.stderr and token not in made.stderr
    hashed = subprocess.run([AGENT, "access-token", "--hash"], input=token, capture_output=True, text=True,
                            env=environment(tmp_path))
    assert hashed.stdout.strip() == token_hash(token)
