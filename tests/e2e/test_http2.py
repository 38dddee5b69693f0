"""Visitors that speak HTTP/2, with prior knowledge: curl, nghttp, h2load, and requests made by hand."""
import hashlib
import json
import signal
import subprocess
import threading

import pytest

from conftest import Tunnel
from support import data
from support.clients import curl
from support.h2 import H2Visitor
from support.patience import PATIENCE
from test_websocket import WebSocketServer

H2 = "--http2-prior-knowledge"
MIB = 1 << 20


def visitor(tunnel, **options):
    return H2Visitor(tunnel.port, **options)


def test_curl_gets_an_answer_over_http2(tunnel):
    seen = curl(tunnel, "/a?b=c", H2, "-w", "\n%{http_version} %{http_code}")
    answer, said = seen.rsplit("\n", 1)
    assert said == "2 200"
    fields = {name.lower(): value for name, value in json.loads(answer)["fields"]}
    assert fields["host"] == f"hello.localhost:{tunnel.port}"
    assert (fields["x-forwarded-for"], fields["x-forwarded-proto"]) == ("127.0.0.1", "http")
    assert fields["x-request-id"]


def test_every_method_reaches_the_service(tunnel):
    with visitor(tunnel) as h2:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X-OWN"):
            body = None if method in ("GET", "TRACE") else b"some body"
            answer = h2.wait(h2.request(method, "/echo?a=b;c%20d", body=body))
            seen = json.loads(answer.body)
            assert (answer.status, seen["method"], seen["target"]) == (200, method, "/echo?a=b;c%20d")
            assert seen["length"] == len(body or b"")


def test_a_body_with_a_length_arrives_with_it(tunnel):
    with visitor(tunnel) as h2:
        answer = h2.wait(h2.request("POST", headers=[("content-length", "9")], body=b"some body"))
        seen = json.loads(answer.body)
        assert seen["length"] == 9
        assert ["content-length", "9"] in [[n.lower(), v] for n, v in seen["fields"]]


def test_trailers_travel_both_ways(tunnel):
    @tunnel.service.on("/trailers")
    def trailers(wire, head):
        wire.body(head)
        sent = dict(wire.trailers)
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
        wire.chunk(json.dumps(sent).encode())
        wire.last_chunk([("X-Sum", "42"), ("X-More", "m")])

    with visitor(tunnel) as h2:
        stream = h2.request("POST", "/trailers", headers=[("te", "trailers")], end=False)
        h2.send(stream, b"abc")
        h2.h2.send_headers(stream, [("x-up", "7")], end_stream=True)
        h2.flush()
        answer = h2.wait(stream)
        assert {k.lower(): v for k, v in json.loads(answer.body).items()} == {"x-up": "7"}
        assert answer.trailers == {"x-sum": "42", "x-more": "m"}


def test_answers_without_body_end_with_their_head(tunnel):
    @tunnel.service.on("/bodyless2")
    def bodyless(wire, head):
        if head.method == "HEAD":
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: \"a\"\r\n\r\n")
        else:
            wire.send(f"HTTP/1.1 {head.get('want')} Whatever\r\nETag: \"b\"\r\n\r\n")

    with visitor(tunnel) as h2:
        answer = h2.wait(h2.request("HEAD", "/bodyless2"))
        assert (answer.status, answer.headers["content-length"], answer.body) == (200, "12345", b"")
        for status in (204, 304):
            answer = h2.wait(h2.request("GET", "/bodyless2", headers=[("want", str(status))]))
            assert (answer.status, answer.headers["etag"], answer.body) == (status, '"b"', b"")


def test_interim_answers_arrive_before_the_answer(tunnel):
    @tunnel.service.on("/hints")
    def hints(wire, head):
        wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        wire.send("HTTP/1.1 100 Continue\r\n\r\n")
        body = wire.body(head)
        wire.answer(body)

    with visitor(tunnel) as h2:
        stream = h2.request("POST", "/hints", headers=[("expect", "100-continue")], end=False)
        h2.until(lambda: len(h2.answers[stream].interim) == 2)
        h2.send(stream, b"body", end=True)
        answer = h2.wait(stream)
        assert [i[":status"] for i in answer.interim] == ["103", "100"]
        assert answer.interim[0]["link"] == "</a.css>"
        assert answer.body == b"body"


def test_what_belongs_to_http1_alone_does_not_travel(tunnel):
    @tunnel.service.on("/own")
    def own(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\n"
                  "Sallyport-Error: forged\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n")
        wire.chunk(b"x")
        wire.last_chunk()

    with visitor(tunnel) as h2:
        answer = h2.get("/own")
        assert answer.body == b"x"
        for name in ("connection", "keep-alive", "x-own", "transfer-encoding", "sallyport-error"):
            assert name not in answer.headers


def test_cookies_that_came_in_crumbs_are_one_field_for_the_service(tunnel):
    with visitor(tunnel) as h2:
        answer = h2.get("/", headers=[("cookie", "a=1"), ("cookie", "b=2")])
        fields = [v for n, v in json.loads(answer.body)["fields"] if n.lower() == "cookie"]
        assert fields == ["a=1; b=2"]


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 20 * MIB])
def test_large_bodies_arrive_whole_both_ways(tunnel, tmp_path, size):
    @tunnel.service.on("/mirror")
    def mirror(wire, head):
        body = wire.body(head)
        wire.answer(body)

    file = tmp_path / "body"
    data.write_file(file, size)
    result = curl(tunnel, "/mirror", H2, "--data-binary", f"@{file}", "-H", "Expect:", text=False)
    assert (len(result), hashlib.sha256(result).hexdigest()) == data.file_checksum(file)


def test_a_hundred_streams_at_once(tunnel):
    with visitor(tunnel) as h2:
        streams = [h2.request("POST", f"/{i}", body=b"x" * i) for i in range(100)]
        for i, stream in enumerate(streams):
            seen = json.loads(h2.wait(stream).body)
            assert (seen["target"], seen["length"]) == (f"/{i}", i)


def test_a_slow_reader_does_not_hold_a_fast_stream_of_the_same_connection(tunnel):
    @tunnel.service.on("/flood")
    def flood(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {8 * MIB}\r\n\r\n")
        for _ in range(8):
            wire.send(b"x" * MIB)

    with visitor(tunnel) as h2:
        slow = h2.request(path="/flood")
        h2.hold = True  # of its window
        h2.until(lambda: len(h2.answers[slow].body) >= 65535)
        h2.h2.increment_flow_control_window(MIB)  # the connection's
        h2.flush()
        for _ in range(20):
            assert h2.get("/echo").status == 200
        assert len(h2.answers[slow].body) == 65535


def test_a_cancelled_stream_aborts_the_upstream_and_no_other(tunnel):
    gone = threading.Event()

    @tunnel.service.on("/endless")
    def endless(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                wire.chunk(b"x" * 1000)
        except OSError:
            gone.set()
            raise

    with visitor(tunnel) as h2:
        stream = h2.request(path="/endless")
        h2.until(lambda: h2.answers[stream].body)
        h2.h2.reset_stream(stream, 8)
        h2.flush()
        assert gone.wait(PATIENCE)
        assert h2.get("/echo").status == 200


def test_a_broken_answer_resets_its_stream_alone(tunnel):
    @tunnel.service.on("/broken")
    def broken(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
        return False

    with visitor(tunnel) as h2:
        answer = h2.get("/broken")
        assert answer.status in (200, None)  # its head may not have left yet
        assert answer.reset == 2
        assert h2.get("/echo").status == 200


def test_an_early_answer_stops_the_upload(tunnel):
    @tunnel.service.on("/early")
    def early(wire, head):
        wire.answer("enough", status="413 Content Too Large")
        return False

    with visitor(tunnel) as h2:
        stream = h2.request("POST", "/early", end=False)
        h2.send(stream, b"x" * 10)
        answer = h2.wait(stream)
        assert (answer.status, answer.body) == (413, b"enough")
        h2.until(lambda: answer.reset is not None)
        assert answer.reset == 0  # RFC 9113 section 8.1: do not send the rest
        assert h2.get("/echo").status == 200


def test_the_relays_own_answers(tunnel):
    with visitor(tunnel) as h2:
        answer = h2.get("/", host="nobody.localhost")
        assert (answer.status, answer.headers["sallyport-error"]) == (404, "unknown-host")
        assert b"No tunnel has this address" in answer.body
        answer = h2.get("/", host="nobody.localhost", headers=[("accept", "text/html")])
        assert answer.headers["content-type"].startswith("text/html")
        assert h2.get("/health", host="nobody.localhost").body == b"ok\n"
        answer = h2.wait(h2.request("HEAD", "/health", host="nobody.localhost"))
        assert (answer.status, answer.headers["content-length"], answer.body) == (200, "3", b"")
    with visitor(tunnel, validate=False) as h2:
        stream = h2.h2.get_next_available_stream_id()
        h2.send_headers(stream, [(":method", "CONNECT"), (":authority", "hello.localhost:80")], end=False)
        answer = h2.wait(stream)
        assert (answer.status, answer.headers["sallyport-error"]) == (405, "connect-refused")


def test_nothing_listens_at_the_upstream(stage):
    relay = stage.relay()
    stage.agent(relay, {"web": {"http": 1, "name": "hello"}})
    with H2Visitor(relay.ports.http) as h2:
        answer = h2.get()
        assert (answer.status, answer.headers["sallyport-error"]) == (502, "upstream-refused")
        answer = h2.wait(h2.request("POST", body=b"x" * 1000))
        assert answer.status == 502


def test_a_request_waits_while_its_agent_reconnects(stage):
    service = stage.service()
    relay = stage.relay(reconnect_grace="20s")
    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with H2Visitor(relay.ports.http) as h2:
        assert h2.get().status == 200
        agent.close()
        relay.program.event("link down")
        streams = [h2.request("POST", f"/{i}", body=b"abc") for i in range(5)]
        agent.start()
        for stream in streams:
            answer = h2.wait(stream)
            assert (answer.status, json.loads(answer.body)["length"]) == (200, 3)


def test_an_agent_that_stays_away(stage):
    service = stage.service()
    relay = stage.relay(reconnect_grace="500ms")
    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with H2Visitor(relay.ports.http) as h2:
        assert h2.get().status == 200
        agent.close()
        relay.program.event("link down")
        answer = h2.get()
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_a_relay_that_stops_lets_streams_end(stage):
    service = stage.service()
    came, release = threading.Event(), threading.Event()

    @service.on("/slow")
    def slow(wire, head):
        came.set()
        release.wait(PATIENCE)
        wire.answer("done")

    relay = stage.relay()
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    client = subprocess.Popen(["curl", "-sS", "--noproxy", "*", H2, "-H", "Host: hello.localhost",
                               f"http://127.0.0.1:{relay.ports.http}/slow"], stdout=subprocess.PIPE, text=True)
    assert came.wait(PATIENCE)
    with H2Visitor(relay.ports.http) as h2:
        assert h2.get("/echo").status == 200
        relay.program.signal(signal.SIGTERM)
        assert h2.ending() == 0
    release.set()
    assert client.communicate(timeout=PATIENCE)[0] == "done"
    assert client.returncode == 0


def test_http2_can_be_switched_off(stage):
    relay = stage.relay(http2=False)
    result = subprocess.run(["curl", "-sS", "--noproxy", "*", H2, f"http://127.0.0.1:{relay.ports.http}/"],
                            capture_output=True, text=True, timeout=PATIENCE)
    assert result.returncode != 0


def test_nghttp_and_h2load_are_served(tunnel):
    url = f"http://127.0.0.1:{tunnel.port}/echo"
    authority = f"--header=:authority: hello.localhost:{tunnel.port}"
    result = subprocess.run(["nghttp", "-nv", "-m", "10", authority, url], capture_output=True, text=True,
                            timeout=PATIENCE)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count(":status: 200") == 10
    result = subprocess.run(["h2load", "-n", "2000", "-c", "10", "-m", "20", authority, url],
                            capture_output=True, text=True, timeout=PATIENCE * 3)
    assert "2000 succeeded, 0 failed, 0 errored" in result.stdout, result.stdout


def test_workers_share_connections_without_failures(stage):
    service = stage.service()
    relay = stage.relay(workers=3)
    for name in ("one", "two", "three"):
        stage.agent(relay, {"web": {"http": service.port, "name": name}})
    for i in range(12):
        with H2Visitor(relay.ports.http) as h2:
            for name in ("one", "two", "three", "one"):
                answer = h2.get(host=f"{name}.localhost")
                assert answer.status == 200, answer.body


def test_a_busy_connection_refuses_what_lives_elsewhere(stage):
    service = stage.service()
    release = threading.Event()

    @service.on("/slow")
    def slow(wire, head):
        release.wait(PATIENCE)
        wire.answer("done")

    relay = stage.relay(workers=4)
    names = [f"n{i}" for i in range(8)]
    for name in names:
        stage.agent(relay, {"web": {"http": service.port, "name": name}})
    seen = set()
    with H2Visitor(relay.ports.http) as h2:
        held = h2.request(path="/slow", host="n0.localhost")
        for name in names:
            answer = h2.get(host=f"{name}.localhost")
            assert answer.status in (200, 421)
            if answer.status == 421:
                assert answer.headers["sallyport-error"] == "misdirected-request"
            seen.add(answer.status)
        release.set()
        assert h2.wait(held).body == b"done"
    assert 200 in seen


# --- WebSockets (RFC 8441) ---

@pytest.fixture(scope="module")
def chat(shared_stage):
    server = shared_stage._keep(WebSocketServer())
    return Tunnel(shared_stage, lambda _: {"web": {"http": server.port, "name": "hello"}})


def connect(h2, path="/chat", protocol="websocket", *more):
    stream = h2.h2.get_next_available_stream_id()
    h2.send_headers(stream, [(":method", "CONNECT"), (":protocol", protocol), (":scheme", "http"),
                             (":authority", "hello.localhost"), (":path", path),
                             ("sec-websocket-version", "13"), *more], end=False)
    return stream


def message(text, opcode=1):
    """A client's frame, masked with zeros."""
    return bytes([0x80 | opcode, 0x80 | len(text)]) + b"\0\0\0\0" + text


def test_a_websocket_over_http2(chat):
    with H2Visitor(chat.port, validate=False) as h2:
        stream = connect(h2, "/chat", "websocket", ("sec-websocket-protocol", "chat"))
        answer = h2.answers[stream]
        h2.until(lambda: answer.status)
        assert (answer.status, answer.headers.get("sec-websocket-protocol")) == (200, "chat")
        assert "sec-websocket-accept" not in answer.headers
        for text in (b"hello", b"again"):
            answer.body = b""
            h2.send(stream, message(text))
            h2.until(lambda: len(answer.body) >= 2 + len(text))
            assert answer.body == bytes([0x81, len(text)]) + text
        # Another stream of the connection, meanwhile, and a second socket.
        other = connect(h2)
        h2.until(lambda: h2.answers[other].status)
        h2.send(stream, message(b"\x03\xe8", opcode=8), end=True)
        h2.until(lambda: answer.ended)
        h2.send(other, message(b"still"))
        h2.until(lambda: h2.answers[other].body)
        assert h2.answers[other].body == b"\x81\x05still"


def test_a_websocket_that_breaks_off_ends_its_stream_alone(chat):
    with H2Visitor(chat.port, validate=False) as h2:
        stream = connect(h2)
        h2.until(lambda: h2.answers[stream].status)
        h2.send(stream, message(b"drop"))
        h2.wait(stream)
        other = connect(h2)
        h2.until(lambda: h2.answers[other].status)
        assert h2.answers[other].status == 200


def test_a_connect_to_something_else_is_refused(chat):
    with H2Visitor(chat.port, validate=False) as h2:
        answer = h2.wait(connect(h2, protocol="connect-udp"))
        assert (answer.status, answer.headers["sallyport-error"]) == (501, "unsupported-protocol")


def test_a_service_without_websockets_is_not_taken_for_one(tunnel):
    with H2Visitor(tunnel.port, validate=False) as h2:
        assert h2.wait(connect(h2)).status == 502
