"""The ways from agent to relay, and whom each end believes."""
import select
import socket
import subprocess
import threading

import pytest

from support.wire import Wire

OTHER_PIN = "sha256:" + "A" * 43


@pytest.fixture(scope="module")
def relay(shared_stage):
    relay = shared_stage.relay()
    relay.service = shared_stage.service()
    return relay


def works(relay, name):
    with relay.visitor() as visitor:
        visitor.request("POST", host=f"{name}.localhost", body=b"x" * 300_000)
        return visitor.response()[0].status == 200


def tunnels(relay, name):
    return {"web": {"http": relay.service.port, "name": name}}


@pytest.mark.parametrize("scheme", ["tls", "tcp", "wss"])
def test_transport(stage, relay, scheme):
    agent = stage.agent(relay, tunnels(relay, scheme), settings={
        "relay": f"{scheme}://127.0.0.1:{relay.ports.agents}", "pin": None if scheme == "tcp" else relay.pin()})
    assert agent.program.event("connected")["transport"] == scheme
    assert works(relay, scheme)


def test_automatic_choice_takes_tls(stage, relay):
    agent = stage.agent(relay, tunnels(relay, "auto"), settings={"relay": f"127.0.0.1:{relay.ports.agents}"})
    assert agent.program.event("connected")["transport"] == "tls"


@pytest.mark.parametrize("scheme", ["tls", "wss"])
def test_wrong_pin_is_refused(stage, relay, scheme):
    mark = relay.program.log.mark()
    agent = stage.agent(relay, tunnels(relay, "pin"), start=False, settings={
        "relay": f"{scheme}://127.0.0.1:{relay.ports.agents}", "pin": OTHER_PIN})
    program = agent.launch("--no-retry").program
    assert program.wait() in (3, 4)
    assert "pin" in agent.log_text()
    assert not any("link up" in str(line) for line in relay.program.log.all()[mark:])


def test_without_a_pin_the_systems_authorities_decide(stage, relay):
    agent = stage.agent(relay, tunnels(relay, "ca"), start=False, settings={"pin": None})
    assert agent.launch("--no-retry").program.wait() in (3, 4)
    assert "certificate" in agent.log_text()


def test_an_authority_of_ones_own(stage, tmp_path):
    """A certificate that the configuration names, and an agent that trusts its issuer."""
    def openssl(*args):
        subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True, cwd=tmp_path)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-subj", "/CN=Own CA", "-days", "30")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out",
            "request.pem", "-subj", "/CN=relay")
    (tmp_path / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "30", "-out", "cert.pem",
            "-extfile", "names")
    relay = stage.relay(tls={"certificate": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")})
    relay.service = stage.service()
    stage.agent(relay, tunnels(relay, "ca"), settings={"pin": None, "ca_file": str(tmp_path / "ca.pem")})
    assert works(relay, "ca")
    stranger = stage.agent(relay, tunnels(relay, "other"), start=False, settings={
        "pin": None, "ca_file": str(tmp_path / "ca.pem"), "relay": f"tls://127.0.0.2:{relay.ports.agents}"})
    assert stranger.launch("--no-retry").program.wait() in (3, 4)


class Proxy:
    """An HTTP proxy that knows CONNECT. `requests` are the heads it got."""

    def __init__(self, credentials=None):
        self.requests, self.credentials = [], credentials
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(Wire(sock),), daemon=True).start()

    def serve(self, wire):
        head = wire.head()
        self.requests.append(head)
        if self.credentials and head.get("Proxy-Authorization") != self.credentials:
            wire.answer(status="407 Proxy Authentication Required", headers=[("Proxy-Authenticate", "Basic")])
            return wire.close()
        far = socket.create_connection(("127.0.0.1", int(head.target.rsplit(":", 1)[1])))
        wire.send("HTTP/1.1 200 Connection established\r\n\r\n")
        ends = {wire.sock: far, far: wire.sock}
        wire.sock.settimeout(None)
        while True:
            for one in select.select(list(ends), [], [])[0]:
                try:
                    data = one.recv(65536)
                    ends[one].sendall(data)
                except OSError:
                    data = b""
                if not data:
                    return [end.close() for end in ends]

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


# A name that the proxy alone can resolve; for relays on this machine no proxy is asked.
def relay_by_name(relay, scheme="wss"):
    return {"relay": f"{scheme}://relay.test:{relay.ports.agents}"}


def through(proxy, credentials=""):
    return {"HTTPS_PROXY": f"http://{credentials}127.0.0.1:{proxy.port}"}


@pytest.mark.parametrize("scheme", ["wss", "tls"])
def test_through_a_proxy(stage, relay, scheme):
    proxy = stage._keep(Proxy())
    stage.agent(relay, tunnels(relay, f"proxy-{scheme}"), env=through(proxy), settings=relay_by_name(relay, scheme))
    assert works(relay, f"proxy-{scheme}")
    assert [head.first for head in proxy.requests] == [f"CONNECT relay.test:{relay.ports.agents} HTTP/1.1"]


def test_pin_is_checked_through_a_proxy(stage, relay):
    proxy = stage._keep(Proxy())
    agent = stage.agent(relay, tunnels(relay, "proxy-pin"), start=False, env=through(proxy),
                        settings=relay_by_name(relay) | {"pin": OTHER_PIN})
    assert agent.launch("--no-retry").program.wait() in (3, 4)
    assert "pin" in agent.log_text()


def test_proxy_that_wants_a_password(stage, relay):
    proxy = stage._keep(Proxy("Basic dXNlcjpzZWNyZXQ="))
    agent = stage.agent(relay, tunnels(relay, "proxy-auth"), env=through(proxy, "user:secret@"), settings=relay_by_name(relay))
    assert works(relay, "proxy-auth")
    assert "secret" not in agent.log_text()
    refused = stage.agent(relay, tunnels(relay, "proxy-no"), start=False, env=through(proxy), settings=relay_by_name(relay))
    assert refused.launch("--no-retry").program.wait() == 4
    assert "407" in refused.log_text()


def test_relays_of_this_machine_are_reached_without_the_proxy(stage, relay):
    proxy = stage._keep(Proxy())
    stage.agent(relay, tunnels(relay, "noproxy"), env=through(proxy), settings={"relay": f"wss://127.0.0.1:{relay.ports.agents}"})
    assert works(relay, "noproxy") and not proxy.requests
