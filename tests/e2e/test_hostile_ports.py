"""Bytes of every kind at every port, while a normal visitor goes on."""
import random
import socket
import ssl

import pytest

from conftest import Tunnel
from support.patience import PATIENCE, until
from support.wire import Wire, dial


@pytest.fixture(scope="module")
def exposed(shared_stage):
    tunnel = Tunnel(shared_stage, lambda service: {"web": {"http": service.port, "name": "hello"}})
    tunnel.relay_tcp = tunnel.relay.ports.tcp[0]
    tunnel.agent.write(tunnel.agent.tunnels | {"raw": {"tcp": tunnel.service.port, "remote_port": tunnel.relay_tcp}})
    tunnel.agent.program.event("tunnel open", tunnel="raw")
    return tunnel


def assert_well(tunnel):
    assert tunnel.relay.program.running() and tunnel.agent.program.running()
    with tunnel.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200


def hostile_bytes(seed):
    rng = random.Random(seed)
    yield b"\0" * 4096
    yield b"\xff" * 4096
    yield b"\n" * 100_000
    yield b"\r\n" * 100_000
    yield b"GET " + b"/" * 300_000
    yield b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + rng.randbytes(200)
    yield b"\r\n\r\n\0\r\nQUIT\n" + rng.randbytes(300)
    yield b"\x16\x03\x01\x40\x00" + rng.randbytes(16384)
    yield b"\x16\x03\x01\x00\x02\x01\x00"
    yield b"\0\0\0\1\0\0\0\1\0\4\0\0" + b"\0\0\0\0\0\0\0\1\xff\xff\xff\xff" + rng.randbytes(5000)  # frames
    yield b"\0\1\0\1\0\0\0\1\0\0\0\0" + b"\0\0\0\0\0\0\0\1\0\0\0\4" + b"\xff\xff\xff\xff"
    for n in range(150):
        yield rng.randbytes(rng.choice([1, 2, 12, 100, 3000, 60_000]))


def throw(data, sock):
    try:
        sock.sendall(data)
        sock.settimeout(0.005)
        sock.recv(1000)
    except (OSError, ssl.SSLError):
        pass
    sock.close()


@pytest.mark.parametrize("port", ["http", "agents", "admin", "tcp"])
def test_random_bytes(exposed, port):
    number = exposed.relay_tcp if port == "tcp" else getattr(exposed.relay.ports, port)
    for data in hostile_bytes(port):
        throw(data, socket.create_connection(("127.0.0.1", number), PATIENCE))
    assert_well(exposed)


@pytest.mark.parametrize("alpn", ["sallyport/1", "http/1.1", None])
def test_random_bytes_inside_tls(exposed, alpn):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols([alpn])
    for data in list(hostile_bytes(alpn))[:60]:
        raw = socket.create_connection(("127.0.0.1", exposed.relay.ports.agents), PATIENCE)
        try:
            throw(data, context.wrap_socket(raw))
        except (OSError, ssl.SSLError):
            raw.close()
    assert_well(exposed)


def test_random_bytes_in_a_websocket_upgrade(exposed):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for data in list(hostile_bytes("wss"))[:60]:
        with Wire(context.wrap_socket(dial(exposed.relay.ports.agents).sock)) as wire:
            wire.send("GET /.sallyport/agent HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      "Sec-WebSocket-Protocol: sallyport.1\r\n\r\n")
            assert wire.head().first.startswith("HTTP/1.1 ")
            throw(data, wire.sock)
    assert_well(exposed)


def test_flood_of_half_open_agents_keeps_no_agent_out_for_long(stage):
    tunnel = Tunnel(stage, limits={"handshakes": 20, "handshake_timeout": "1s"})
    flood = []
    for n in range(60):
        try:
            flood.append(socket.create_connection(("127.0.0.1", tunnel.relay.ports.agents), PATIENCE))
            if n % 2:
                flood[-1].send(b"\x16\x03\x01")
        except OSError:
            pass
    assert_well(tunnel)  # links that stand are not touched
    stage.agent(tunnel.relay, {"other": {"http": tunnel.service.port, "name": "other"}})  # comes in after a while
    with tunnel.visitor() as visitor:
        visitor.request(host="other.localhost")
        assert visitor.response()[0].status == 200
    for sock in flood:
        sock.close()


def test_slow_heads_do_not_hold_up_others(stage):
    tunnel = Tunnel(stage, limits={"head_timeout": "1s"})
    slow = [tunnel.visitor() for _ in range(300)]
    for visitor in slow:
        visitor.send("GET / HTTP/1.1\r\nX-Slow: ")
    assert_well(tunnel)
    for visitor in slow:
        assert visitor.response()[0].status == 408
        visitor.close()


def test_visitors_that_say_nothing_are_let_go(stage):
    tunnel = Tunnel(stage, limits={"head_timeout": "1s"})
    silent = [tunnel.visitor() for _ in range(100)]
    for visitor in silent:
        assert visitor.ending() == "end"
        visitor.close()
    until(lambda: tunnel.relay.status()["visitors"] == 0, "all visitors to be gone")


def test_hostile_agent_with_a_good_token_loses_its_link_alone(exposed):
    """Frames that break the rules after a proper hello."""
    import json
    import struct
    hello = json.dumps({"type": "hello", "protocol": 1, "agent": {"id": "x", "name": "x"},
                        "auth": {"scheme": "token", "token": exposed.agent.token},
                        "tunnels": [{"ref": "h", "kind": "http", "name": "hostile"}]}).encode()
    message = struct.pack(">I", len(hello)) + hello
    opening = struct.pack(">BBHII", 0, 1, 1, 1, 0) + struct.pack(">BBHII", 0, 0, 0, 1, len(message)) + message
    rng = random.Random(7)
    bad = [struct.pack(">BBHII", 9, 0, 0, 1, 0), struct.pack(">BBHII", 0, 7, 0, 1, 0),
           struct.pack(">BBHII", 0, 0, 0, 1, 0x7fffffff), struct.pack(">BBHII", 0, 0, 1, 2, 0),
           struct.pack(">BBHII", 0, 1, 0, 1, 0xffffffff) * 4, struct.pack(">BBHII", 0, 0, 0, 1, 4) + b"\xff" * 4,
           struct.pack(">BBHII", 0, 0, 0, 1, 9) + struct.pack(">I", 5) + b"{bad}",
           struct.pack(">BBHII", 0, 2, 1, 0, 1) * 5000, rng.randbytes(100_000),
           b"".join(struct.pack(">BBHII", 0, 1, 1, n, 0) for n in range(3, 40_000, 2))]
    for frames in bad:
        with dial(exposed.relay.ports.agents) as wire:
            wire.send(opening)
            wire.exactly(24)  # the relay answers
            throw(frames, wire.sock)
    assert_well(exposed)
