"""Certificates by ACME: the relay against a real Pebble, which refuses some nonces."""
import socket
import ssl
import stat
import subprocess

import pytest

from support.authority import serial_of
from support.bind import Bind
from support.patience import PATIENCE, until
from support.pebble import KEY_ID, MAC_KEY, Dns, Front, Pebble
from support.wire import Wire

DOMAIN = "acme.test"


class Scene:
    """A Pebble, a relay that uses it and an agent with one tunnel, hello.acme.test."""

    def __init__(self, stage, front=False, pebble=(), names=None, launch=True, **acme):
        self.stage = stage
        self.relay = stage.relay(start=False, domain=DOMAIN)
        self.dns = names or stage._keep(Dns(stage.folder))
        self.pebble = stage._keep(Pebble(stage.folder / "pebble", self.relay, self.dns, **dict(pebble)))
        if launch:
            self.pebble.start()
        self.front = stage._keep(Front(self.pebble)) if front else None
        self.relay.config["listen"]["https"] = f"127.0.0.1:{self.relay.ports.https}"
        self.relay.config["tls"] = {"mode": "acme", "email": "ops@acme.test", "acme": {
            "directory": (self.front or self.pebble).directory, "ca_file": self.pebble.ca,
            "retry": {"min": "200ms", "max": "1s"}} | acme}
        self.relay.write()
        self.service = stage.service()

    def start(self, tunnels=None):
        self.relay.start()
        token = self.relay.token("owner", "--hostname", "*.example.org")
        self.agent = self.stage.agent(self.relay, tunnels or {"web": {"http": self.service.port, "name": "hello"}},
                                      token=token)
        return self

    def tls(self, name=f"hello.{DOMAIN}", root=None):
        context = ssl.create_default_context(cafile=str(root or self.pebble.root()))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.relay.ports.https), PATIENCE),
                                   server_hostname=name)

    def secure_visit(self, name=f"hello.{DOMAIN}"):
        with Wire(self.tls(name)) as visitor:
            visitor.request(host=name)
            return visitor.response()[0].status

    def plain_visit(self, *fields, name=f"hello.{DOMAIN}"):
        with self.relay.visitor() as visitor:
            visitor.send(f"GET / HTTP/1.1\r\nHost: {name}\r\n" + "".join(f"{f}\r\n" for f in fields) + "\r\n")
            return visitor.response()

    def certificate(self, name=f"hello.{DOMAIN}"):
        for certificate in self.relay.status()["certificates"]:
            if name in certificate["names"]:
                return certificate
        return None

    def await_state(self, state, name=f"hello.{DOMAIN}"):
        return until(lambda: (c := self.certificate(name)) and c["state"] == state and c,
                     f"{state} of {name}: {self.certificate(name)}")


@pytest.mark.parametrize("challenge", ["http-01", "tls-alpn-01"])
def test_names_of_tunnels_get_certificates_on_demand(stage, challenge):
    scene = Scene(stage, challenges=[challenge]).start()
    ready = scene.await_state("ready")
    assert ready["days_left"] > 30 and ready["error"] == ""
    assert scene.secure_visit() == 200
    assert scene.plain_visit()[0].status == 200
    # Nobody else's name has one, whoever asks for it.
    with pytest.raises(ssl.SSLError, match="(?i)unrecognized.name"):
        scene.tls(f"stranger.{DOMAIN}")
    assert {c["id"] for c in scene.relay.status()["certificates"]} == {DOMAIN, f"hello.{DOMAIN}"}
    # A tunnel that comes later has its certificate from then on.
    scene.agent.write(scene.agent.tunnels | {"late": {"http": scene.service.port, "hostname": "late.example.org"}})
    scene.await_state("ready", "late.example.org")
    assert scene.secure_visit("late.example.org") == 200


def test_dns_gives_a_wildcard_for_the_domain(stage):
    dns = stage._keep(Dns(stage.folder))
    hook = dns.hook(stage.folder / "hook")
    scene = Scene(stage, names=dns, **{"dns": {"provider": "exec", "command": hook, "propagation": {"wait": "0s"}}})
    scene.start()
    scene.await_state("ready", f"*.{DOMAIN}")
    assert scene.secure_visit() == 200
    assert [c["names"] for c in scene.relay.status()["certificates"]] == [[DOMAIN, f"*.{DOMAIN}"]]


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sha512"])
def test_dns_by_signed_updates(stage, algorithm):
    bind = stage._keep(Bind(stage.folder / "bind", DOMAIN, algorithm))
    scene = Scene(stage, names=bind, **{"dns": bind.config}).start()
    scene.await_state("ready", f"*.{DOMAIN}")
    assert scene.secure_visit() == 200
    # The records are taken away again.
    until(lambda: "TXT" not in subprocess.run(
        ["dig", "+noall", "+answer", "@127.0.0.1", "-p", str(bind.port), f"_acme-challenge.{DOMAIN}", "TXT"],
        capture_output=True, text=True, timeout=PATIENCE).stdout, "the records stay")


def test_certificates_are_renewed_while_connections_go_on(stage):
    scene = Scene(stage, pebble={"certificateValidityPeriod": 9}).start()
    scene.await_state("ready")
    with Wire(scene.tls()) as kept:
        first = serial_of(kept.sock)
        scene.relay.program.event("certificate renewed", id=f"hello.{DOMAIN}")

        def serial():
            with scene.tls() as fresh:
                return serial_of(fresh)
        until(lambda: serial() != first, "another certificate")
        kept.request(host=f"hello.{DOMAIN}")
        assert kept.response()[0].status == 200


def test_what_is_stored_is_used_after_a_restart(stage):
    scene = Scene(stage, front=True).start()
    scene.await_state("ready")
    scene.await_state("ready", DOMAIN)
    orders = scene.front.counts["order-plz"]
    accounts = scene.front.counts["sign-me-up"]
    assert orders >= 2 and accounts >= 1
    root = scene.pebble.root()
    scene.agent.program.terminate()
    scene.relay.program.terminate()
    scene.relay.start()
    # Visitors who come before the agents are served within TLS.
    with Wire(scene.tls(root=root)) as visitor:
        visitor.request(host=f"hello.{DOMAIN}")
        assert visitor.response()[0].status == 404
    scene.agent.start()
    scene.await_state("ready")
    assert scene.secure_visit() == 200
    assert scene.front.counts["order-plz"] == orders and scene.front.counts["sign-me-up"] == accounts


def test_keys_are_for_the_owner_alone(stage):
    scene = Scene(stage).start()
    scene.await_state("ready")
    folder = scene.relay.folder / "state" / "acme"
    entries = [folder, *folder.rglob("*")]
    assert any(e.name == f"hello.{DOMAIN}.pem" for e in entries) and any(e.name == "account.json" for e in entries)
    for entry in entries:
        assert stat.S_IMODE(entry.stat().st_mode) == (0o700 if entry.is_dir() else 0o600), entry


def test_paths_of_other_challenges_go_to_the_tunnel(stage):
    scene = Scene(stage).start()
    scene.await_state("ready")

    @scene.service.on("/.well-known/acme-challenge/of-the-service")
    def own(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nown")

    with scene.relay.visitor() as visitor:
        visitor.request(target="/.well-known/acme-challenge/of-the-service", host=f"hello.{DOMAIN}")
        assert visitor.response()[1] == b"own"


def test_external_accounts_are_bound(stage):
    scene = Scene(stage, pebble={"externalAccountBindingRequired": True},
                  eab={"key_id": KEY_ID, "mac_key": MAC_KEY}).start()
    scene.await_state("ready")
    assert MAC_KEY not in scene.relay.log_text()


def test_a_ca_that_wants_an_external_account_is_told_of(stage):
    scene = Scene(stage, pebble={"externalAccountBindingRequired": True}).start()
    assert "eab" in scene.await_state("error")["error"]


@pytest.mark.parametrize("key_type, name", [("p384", "secp384r1"), ("rsa2048", "rsaEncryption")])
def test_other_kinds_of_keys(stage, key_type, name):
    scene = Scene(stage, key_type=key_type).start()
    scene.await_state("ready")
    assert scene.secure_visit() == 200
    file = next((scene.relay.folder / "state" / "acme").rglob(f"hello.{DOMAIN}.pem"))
    text = subprocess.run(["openssl", "x509", "-in", str(file), "-noout", "-text"], capture_output=True, text=True)
    assert name in text.stdout


def test_status_shows_certificates(stage):
    scene = Scene(stage).start()
    scene.await_state("ready")
    text = scene.relay.command("status").stdout
    assert "certificates" in text and f"hello.{DOMAIN}" in text and "ready" in text
