"""What visitors get from the relay itself, when and how; and that no upstream can pose as it."""
import json
import select
import threading

import pytest

from support.clients import curl
from support.patience import PATIENCE, until
from support.ports import free_port


def error(visitor):
    head, body = visitor.response()
    return head.status, head.get("Sallyport-Error"), head, body


def test_unknown_host(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(host="nobody.localhost")
        assert error(visitor)[:2] == (404, "unknown-host")
        visitor.request(host="hello.localhost")  # the connection goes on
        assert visitor.response()[0].status == 200


def test_error_page_is_html_for_browsers_and_a_line_for_others(tunnel):
    page = curl(tunnel, "/", "-H", "Accept: text/html,*/*;q=0.8", host="nobody.localhost")
    assert page.startswith("<!doctype html>") and "unknown-host" in page
    assert curl(tunnel, "/", host="nobody.localhost").startswith("404 unknown-host: ")


def test_upstream_that_is_down(stage):
    port = free_port()
    relay = stage.relay()
    agent = stage.agent(relay, {"web": {"http": port, "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.request()
        assert error(visitor)[:2] == (502, "upstream-refused")
        agent.program.event("the upstream can't be reached")
        stage.service(port=port)
        visitor.request()
        assert visitor.response()[0].status == 200
        agent.program.event("the upstream is back")


def test_upstream_that_ends_without_an_answer(tunnel):
    @tunnel.service.on("/ends")
    def ends(wire, head):
        return False

    with tunnel.visitor() as visitor:
        visitor.request("POST", "/ends", body=b"x")
        assert error(visitor)[:2] == (502, "upstream-closed")


def test_upstream_cannot_forge_the_error_header(tunnel):
    @tunnel.service.on("/forged")
    def forged(wire, head):
        wire.answer("x", headers=[("Sallyport-Error", "agent-away"), ("sallyport-error", "x"), ("X-Kept", "1")])

    @tunnel.service.on("/forged-trailer")
    def forged_trailer(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.chunk(b"x")
        wire.last_chunk([("Sallyport-Error", "agent-away"), ("X-Kept", "1")])

    @tunnel.service.on("/forged-interim")
    def forged_interim(wire, head):
        wire.send("HTTP/1.1 103 Early Hints\r\nSallyport-Error: agent-away\r\n\r\n")
        wire.answer("x")

    with tunnel.visitor() as visitor:
        visitor.request(target="/forged")
        head, _ = visitor.response()
        assert not head.has("Sallyport-Error") and head.get("X-Kept") == "1"
        visitor.request(target="/forged-interim")
        assert not visitor.head().has("Sallyport-Error")
    with tunnel.visitor() as visitor:
        visitor.request(target="/forged-trailer")
        try:  # such a trailer is no answer at all
            visitor.response()
        except (OSError, EOFError):
            pass
        assert "sallyport-error" not in [name.lower() for name, _ in visitor.trailers]


def test_agent_that_is_away(stage):
    relay = stage.relay(reconnect_grace="100ms")
    agent = stage.agent(relay, {"web": {"http": 9, "name": "hello"}})
    agent.program.kill()
    relay.program.event("link down")
    with relay.visitor() as visitor:
        visitor.request()  # first waits for the grace to pass
        status, code, head, _ = error(visitor)
        assert (status, code, head.has("Retry-After")) == (503, "agent-away", True)


def test_too_many_that_wait_for_an_agent(stage):
    relay = stage.relay(reconnect_grace="1m", limits={"pending_requests": 2})
    service = stage.service()
    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    agent.program.kill()
    relay.program.event("link down")
    visitors = {visitor.sock: visitor for visitor in (relay.visitor() for _ in range(5))}
    for visitor in visitors.values():
        visitor.request()
    refused = set()
    while len(refused) < 3:
        for sock in select.select([sock for sock in visitors if sock not in refused], [], [], PATIENCE)[0]:
            assert error(visitors[sock])[:2] == (503, "too-many-waiting")
            refused.add(sock)
    agent.start()
    for sock in visitors.keys() - refused:
        assert visitors[sock].response()[0].status == 200


def test_host_that_nobody_has_is_answered_when_a_fresh_relay_has_waited_for_its_agents(stage):
    relay = stage.relay(reconnect_grace="1s")
    visitors = [relay.visitor() for _ in range(20)]
    for visitor in visitors:
        visitor.request(host="nobody.localhost")
    for visitor in visitors:
        assert error(visitor)[:2] == (404, "unknown-host")


def test_upstream_that_is_silent(stage):
    relay = stage.relay(upstream_timeout="300ms")
    service = stage.service()
    seen = threading.Event()

    @service.on("/silent")
    def silent(wire, head):
        wire.ending()
        seen.set()
        return False

    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.request(target="/silent")
        assert error(visitor)[:2] == (504, "upstream-timeout")
    assert seen.wait(PATIENCE)


def test_answer_that_pauses_longer_than_the_upstream_timeout(stage):
    """The time-out is for the beginning of an answer, not for events in it."""
    relay = stage.relay(upstream_timeout="200ms")
    service = stage.service()
    answered = threading.Event()

    @service.on("/pauses")
    def pauses(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
        assert answered.wait(PATIENCE)
        wire.send("b")

    @service.on("/silent")
    def silent(wire, head):
        wire.ending()
        return False

    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with relay.visitor() as visitor, relay.visitor() as other:
        visitor.request(target="/pauses")
        visitor.head()
        other.request(target="/silent")  # its time-out begins later, and passes
        assert error(other)[0] == 504
        answered.set()
        assert visitor.exactly(2) == b"ab"


def test_unresolvable_upstream(stage):
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": "no-such-host.invalid:80", "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.request()
        assert error(visitor)[:2] == (502, "upstream-unresolvable")


# --- limits ---

def test_head_that_is_too_large(tunnel):
    with tunnel.visitor() as visitor:
        visitor.send("GET / HTTP/1.1\r\nHost: hello.localhost\r\nX: ", b"x" * (70 * 1024))
        status, code, head, _ = error(visitor)
        assert (status, code, head.get("Connection")) == (431, "head-too-large", "close")


def test_head_of_the_allowed_size(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(headers=[("X", "x" * (63 * 1024))])
        assert visitor.response()[0].status == 200


def test_too_many_header_lines(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(headers=[(f"X-{n}", n) for n in range(250)])
        assert error(visitor)[:2] == (431, "too-many-fields")


def test_target_that_is_too_long(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(target="/" + "a" * (17 * 1024))
        assert error(visitor)[:2] == (414, "target-too-long")


def test_head_that_does_not_end(stage):
    relay = stage.relay(limits={"head_timeout": "1s"})
    with relay.visitor() as visitor:
        visitor.send("GET / HTTP/1.1\r\nHost: hello")
        assert error(visitor)[:2] == (408, "head-timeout")
        assert visitor.ending() == "end"


def test_head_that_drips_is_not_given_more_time(stage):
    relay = stage.relay(limits={"head_timeout": "1s"})
    with relay.visitor() as visitor:
        visitor.send("GET / HTTP/1.1\r\nHost: hello.localhost\r\n")

        def ended():
            try:
                visitor.send("X: y\r\n")
            except OSError:
                return True
            visitor.sock.setblocking(False)
            try:
                return visitor.sock.recv(100)
            except BlockingIOError:
                return False
            finally:
                visitor.sock.settimeout(PATIENCE)

        until(ended, "the relay to lose its patience")


def test_idle_connection_is_closed(stage):
    relay = stage.relay(limits={"idle_timeout": "1s"})
    with relay.visitor() as visitor:
        visitor.request(target="/health")
        visitor.response()
        assert visitor.ending() == "end"


def test_visitors_beyond_the_limit_are_turned_away(stage):
    relay = stage.relay(limits={"visitors": 4}, workers=1)
    inside = [relay.visitor() for _ in range(4)]
    for visitor in inside:
        visitor.request(target="/health")
        visitor.response()
    try:
        with relay.visitor() as visitor:
            assert visitor.ending() in ("end", "reset")
    except ConnectionResetError:
        pass  # the relay's reset came before connect() had returned
    inside[0].close()

    def admitted():
        try:
            with relay.visitor() as visitor:
                visitor.request(target="/health")
                return visitor.response()[0].status == 200
        except (OSError, EOFError):
            return False

    until(admitted, "a place to come free")


@pytest.mark.parametrize("limits,body", [({}, b"ok\n")])
def test_health(stage, limits, body):
    relay = stage.relay(limits=limits)
    from support.wire import dial
    with dial(relay.ports.admin) as admin:
        admin.request(target="/health", host="127.0.0.1")
        head, got = admin.response()
        assert (head.status, got) == (200, body)
    with relay.visitor() as visitor:
        visitor.request(target="/health", host="127.0.0.1")
        assert visitor.response()[1] == body


def test_health_of_a_tunnel_is_the_tunnels_own(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(target="/health")
        assert json.loads(visitor.response()[1])["target"] == "/health"
