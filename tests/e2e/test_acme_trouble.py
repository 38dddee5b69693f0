"""Certificates by ACME when something is in the way: CAs that are down or limit, visitors who come early, a kill."""
import json

from support.patience import until
from support.pebble import Dns
from test_acme import DOMAIN, Scene


def test_a_ca_that_is_down_is_asked_again(stage):
    scene = Scene(stage, launch=False).start()
    failed = scene.await_state("error")
    assert "unreachable" in failed["error"]
    head, body = scene.plain_visit("Accept: text/html")
    assert head.status == 503 and head.get("Sallyport-Error") == "certificate-error"
    assert int(head.get("Retry-After")) > 0 and b"unreachable" in body
    scene.pebble.start()
    scene.await_state("ready")
    assert scene.secure_visit() == 200
    assert scene.plain_visit()[0].status == 200


def test_a_rate_limit_is_honoured(stage):
    scene = Scene(stage, front=True)
    limited = json.dumps({"type": "urn:ietf:params:acme:error:rateLimited",
                          "detail": "too many certificates already issued for <acme.test>"}).encode()
    scene.front.interfere = lambda path: (429, {"Retry-After": "3600", "Content-Type": "application/problem+json",
                                                "Replay-Nonce": "of-no-use"}, limited) \
        if path == "/order-plz" else None
    scene.start()
    failed = scene.await_state("error")
    scene.await_state("error", DOMAIN)
    assert "too many certificates already issued" in failed["error"] and failed["failures"] == 1
    head, body = scene.plain_visit("Accept: text/html")
    assert head.get("Sallyport-Error") == "certificate-error" and 3000 < int(head.get("Retry-After")) <= 3600
    assert b"&lt;acme.test&gt;" in body
    # Coming and going does not shorten the wait: each name was ordered once.
    scene.agent.program.terminate()
    scene.relay.program.event("certificate not issued", id=f"hello.{DOMAIN}")
    scene.agent.start()
    assert scene.await_state("error")["failures"] == 1
    assert scene.front.counts["order-plz"] == 2


def test_visitors_see_that_a_certificate_is_being_issued(stage):
    gate = stage.folder / "gate"
    dns = stage._keep(Dns(stage.folder))
    hook = dns.hook(stage.folder / "hook", f"while [ ! -e {gate} ]; do sleep 0.05; done")
    scene = Scene(stage, names=dns, challenges=["dns-01"],
                  **{"dns": {"provider": "exec", "command": hook, "propagation": {"wait": "0s"}}})
    scene.start({"web": {"http": scene.service.port, "hostname": "hello.example.org"}})
    until(lambda: (c := scene.certificate("hello.example.org")) and c["issuing"], "the order")
    head, body = scene.plain_visit("Accept: text/html", name="hello.example.org")
    assert head.status == 503 and head.get("Sallyport-Error") == "certificate-pending"
    assert head.get("Retry-After") and b'http-equiv="refresh"' in body and b"being issued" in body
    assert b"second" in body
    head, body = scene.plain_visit("Accept: */*", name="hello.example.org")
    assert body.startswith(b"503 certificate-pending: ")
    gate.touch()
    scene.await_state("ready", "hello.example.org")
    assert scene.plain_visit(name="hello.example.org")[0].status == 200
    assert scene.secure_visit("hello.example.org") == 200


def test_a_kill_in_the_middle_of_an_order_loses_nothing(stage):
    gate, seen = stage.folder / "gate", stage.folder / "seen"
    dns = stage._keep(Dns(stage.folder))
    hook = dns.hook(stage.folder / "hook", f"touch {seen}; while [ ! -e {gate} ]; do sleep 0.05; done")
    scene = Scene(stage, front=True, names=dns, challenges=["dns-01"],
                  **{"dns": {"provider": "exec", "command": hook, "propagation": {"wait": "0s"}}}).start()
    until(seen.exists, "the hook")
    orders = scene.front.counts["order-plz"]
    scene.relay.program.kill()
    gate.touch()
    scene.relay.start()
    scene.await_state("ready", f"*.{DOMAIN}")
    until(lambda: scene.secure_visit() == 200, "an answer")
    # The same account went on with the same order. (A refused nonce repeats a request before an order is made.)
    assert scene.front.counts["order-plz"] == orders
    assert not list((scene.relay.folder / "state" / "acme").rglob("orders/*.json"))
