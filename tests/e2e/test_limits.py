"""Limits that take many bytes or some time to reach, and listeners of both address families."""
import errno
import socket
import threading

import pytest

from support.patience import PATIENCE, until
from support.wire import Wire, dial


def dial6(port):
    return Wire(socket.create_connection(("::1", port)))


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_listeners_on_ipv6(stage):
    relay = stage.relay(start=False)
    ports = relay.ports
    relay.config["listen"] = {"http": f"[::1]:{ports.http}", "agents": f"[::1]:{ports.agents}",
                              "admin": f"[::1]:{ports.admin}"}
    relay.config["tcp_bind"] = "::1"
    relay.write()
    relay.start()
    service = stage.service()
    echo = stage.upstream(lambda wire: wire.send(wire.exactly(5)))
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"},
                        "raw": {"tcp": echo.port, "remote_port": ports.tcp[0]}},
                settings={"relay": f"tls://[::1]:{ports.agents}"})
    with dial6(ports.http) as visitor:
        visitor.request()
        head, body = visitor.response()
        assert head.status == 200 and b'["X-Forwarded-For", "::1"]' in body
    with dial6(ports.tcp[0]) as visitor:
        visitor.send("hello")
        assert visitor.exactly(5) == b"hello"
    with dial6(ports.admin) as monitor:
        monitor.request(target="/health", host="x")
        assert monitor.response()[0].status == 200
    with pytest.raises(ConnectionRefusedError):
        dial(ports.http)


def test_visitor_who_stops_reading_is_cut_after_the_stall_timeout(stage):
    relay = stage.relay(limits={"stall_timeout": "5s"})
    service = stage.service()

    @service.on("/flood")
    def flood(wire, _):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            wire.chunk(b"x" * 65536)

    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.request(target="/flood")
        visitor.head()
        until(lambda: relay.status()["visitors"] == 0, "the visitor to be cut")
        assert visitor.ending() == "reset"


def test_visitor_who_stops_sending_hears_of_it(stage):
    relay = stage.relay(limits={"stall_timeout": "5s"})
    service = stage.service()
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.send("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 10\r\n\r\nfive!")
        head, _ = visitor.response()
        assert head.status == 408 and head.get("Sallyport-Error") == "body-timeout"


def test_slow_readers_of_a_link_are_cut_beyond_its_limit_and_others_go_on(stage):
    relay = stage.relay(limits={"unread": "1MiB"})
    flooded, echoed = relay.ports.tcp[:2]

    def flood(wire):
        while True:
            wire.send(b"x" * 65536)

    def echo(wire):
        while data := wire.sock.recv(65536):
            wire.send(data)

    stage.agent(relay, {"raw": {"tcp": stage.upstream(flood).port, "remote_port": flooded},
                        "echo": {"tcp": stage.upstream(echo).port, "remote_port": echoed}})
    reader = dial(echoed)

    def reads():
        reader.send(b"ping")
        return reader.exactly(4) == b"ping"

    assert reads()
    slow = []
    for _ in range(12):
        one = dial(flooded)
        one.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.exactly(1)
        slow.append(one)
    # Together they would hold more than the link may: those that hold the most have to go.
    def cut():
        return [one for one in slow if one.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET]

    until(cut, "slow readers to be cut")
    assert all(reads() for _ in range(100))
    reader.close()
    for one in slow:
        one.close()


def test_an_agent_that_serves_as_many_as_it_may_says_so(stage):
    relay = stage.relay()
    service = stage.service()
    begun, go_on = threading.Event(), threading.Event()

    @service.on("/hold")
    def hold(wire, _):
        begun.set()
        assert go_on.wait(PATIENCE)
        wire.answer("held")

    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}}, settings={"max_connections": 1})
    with relay.visitor() as first, relay.visitor() as second:
        first.request(target="/hold")
        assert begun.wait(PATIENCE)
        second.request()
        head, _ = second.response()
        assert head.status == 503 and head.get("Sallyport-Error") == "agent-overloaded" and head.has("Retry-After")
        go_on.set()
        assert first.response()[1] == b"held"
        second.request()
        assert second.response()[0].status == 200
    assert agent.program.running()


def test_what_comes_behind_a_refused_head_is_read_for_a_while_only(stage):
    relay = stage.relay()
    piece = b"x" * 65536
    with dial(relay.ports.http) as visitor:
        visitor.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        sent = 0
        with pytest.raises(OSError):
            # Far more than the 16 MiB that are thrown away and what the kernel's buffers hold.
            while sent < 256 * 1024 * 1024:
                visitor.send(piece)
                sent += len(piece)
    assert sent >= 1024 * 1024
