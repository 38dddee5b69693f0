"""What an HTTP/2 visitor must not do. Each attack ends its own connection or stream, and others go on."""
import struct

import pytest

from support.h2 import H2Visitor, PREFACE, frame
from support.patience import until

DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
NO_ERROR, PROTOCOL, FLOW, STREAM_CLOSED, FRAME_SIZE, REFUSED, CANCEL, COMPRESSION, CALM = 0, 1, 3, 5, 6, 7, 8, 9, 11


def u32(n):
    return struct.pack(">I", n)


def text(value):
    value = value.encode() if isinstance(value, str) else value
    assert len(value) < 127 + 128
    return (bytes([len(value)]) if len(value) < 127 else bytes([127, len(value) - 127])) + value


def block(*fields):
    """Fields as literals without indexing."""
    return b"".join(b"\0" + text(name) + text(value) for name, value in fields)


def get(path="/echo", *more):
    return block((":method", "GET"), (":scheme", "http"), (":authority", "hello.localhost"), (":path", path), *more)


class Raw:
    """A connection on which every byte is the test's own."""

    def __init__(self, tunnel, settings=b"", start=True):
        self.h2 = H2Visitor(tunnel.port, start=False)
        self.sock, self.frames, self.buffer = self.h2.sock, [], b""
        if start:
            self.send(PREFACE, frame(SETTINGS, 0, 0, settings))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, *parts):
        """True while the relay takes it."""
        try:
            self.sock.sendall(b"".join(parts))
            return True
        except OSError:
            return False

    def read(self):
        """The next frame: (type, flags, stream, payload); None at the end."""
        while len(self.buffer) < 9 or len(self.buffer) < 9 + int.from_bytes(self.buffer[:3], "big"):
            try:
                data = self.sock.recv(65536)
            except ConnectionError:
                data = b""
            if not data:
                return None
            self.buffer += data
        size = int.from_bytes(self.buffer[:3], "big")
        head, payload = self.buffer[:9], self.buffer[9:9 + size]
        self.buffer = self.buffer[9 + size:]
        return head[3], head[4], int.from_bytes(head[5:9], "big") & 0x7fffffff, payload

    def until(self, kind, stream=None):
        while True:
            found = self.read()
            assert found, f"the connection ended before a frame of type {kind}"
            if found[0] == kind and (stream is None or found[2] == stream):
                return found

    def goaway(self):
        """The code of the GOAWAY, and then the connection's end."""
        code = struct.unpack(">I", self.until(GOAWAY)[3][4:8])[0]
        while self.read():
            pass
        return code

    def reset(self, stream):
        return struct.unpack(">I", self.until(RST, stream)[3])[0]

    def flood(self, *parts, most=200_000):
        """Sends until the relay has enough; the code of its GOAWAY."""
        burst = b"".join(parts) * 50
        for _ in range(most // 50):
            if not self.send(burst):
                break
        else:
            raise AssertionError("the relay took it all")
        try:
            return self.goaway()
        except AssertionError:
            return CALM  # the reset that follows may take the GOAWAY away


@pytest.fixture
def others(tunnel):
    """A visitor that goes on all the while."""
    with H2Visitor(tunnel.port) as h2:
        assert h2.get("/echo").status == 200
        yield h2
        assert h2.get("/echo").status == 200


@pytest.mark.parametrize("name, parts", [
    ("PING", [frame(PING, 0, 0, b"12345678")]),
    ("SETTINGS", [frame(SETTINGS, 0, 0)]),
    ("PRIORITY", [frame(PRIORITY, 0, 1, u32(0) + b"\x10")]),
    ("WINDOW_UPDATE", [frame(WINDOW, 0, 0, u32(1))]),
    ("unknown", [frame(0x77, 0, 0, b"?")]),
])
def test_floods_end_the_connection(tunnel, others, name, parts):
    with Raw(tunnel) as raw:
        assert raw.flood(*parts) == CALM
    until(lambda: "visitor cut off" in tunnel.relay.log_text(), "a line in the log")


def test_empty_data_frames(tunnel, others):
    with Raw(tunnel) as raw:
        raw.send(frame(HEADERS, END_HEADERS, 1, get()))
        assert raw.flood(frame(DATA, 0, 1)) == CALM


def test_rapid_reset(tunnel, others):
    with Raw(tunnel) as raw:
        stream = 1
        while stream < 40_000 and raw.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, get()),
                                           frame(RST, 0, stream, u32(CANCEL))):
            stream += 2
        assert stream < 40_000
    assert tunnel.service.connections < 400


def test_resets_that_the_relay_is_made_to_send(tunnel, others):
    with Raw(tunnel) as raw:
        stream = 1
        while stream < 40_000 and raw.send(frame(HEADERS, END_HEADERS, stream, get("/", ("content-length", "5"))),
                                           frame(DATA, END_STREAM, stream, b"abc")):
            stream += 2
        assert stream < 40_000


def test_continuation_flood(tunnel, others):
    with Raw(tunnel) as raw:
        raw.send(frame(HEADERS, END_STREAM, 1, get()))
        assert raw.flood(frame(CONTINUATION, 0, 1, block(("x", "y")))) == CALM


def test_header_bomb(tunnel, others):
    value = b"x" * 4000
    size = bytes([0x7f, (4000 - 127) % 128 + 128, (4000 - 127) // 128])
    bomb = get() + b"\x40\x01x" + size + value + b"\xbe" * 12_000  # 48 MB of fields
    with Raw(tunnel) as raw:
        raw.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, bomb[:16384]))
        assert raw.goaway() == CALM


def test_a_list_over_the_limit_is_answered(tunnel, others):
    with H2Visitor(tunnel.port) as h2:
        h2.h2.encoder.header_table_size = 0
        answer = h2.wait(h2.request(headers=[(f"x-{i}", "y" * 1000) for i in range(70)]))
        assert (answer.status, answer.headers["sallyport-error"]) == (431, "head-too-large")
        answer = h2.wait(h2.request(headers=[(f"x-{i}", "y") for i in range(250)]))
        assert (answer.status, answer.headers["sallyport-error"]) == (431, "too-many-fields")
        assert h2.get("/echo").status == 200


def test_more_streams_than_allowed(tunnel, others):
    with Raw(tunnel) as raw:
        for stream in range(1, 211, 2):
            raw.send(frame(HEADERS, END_HEADERS, stream, get()))
        assert raw.reset(201) == REFUSED


def test_a_reader_of_nothing_is_given_little_memory_and_then_up(stage):
    service = stage.service()
    size = 4 << 20

    @service.on("/flood")
    def flood(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n")
        for _ in range(4):
            wire.send(b"x" * (1 << 20))

    relay = stage.relay(limits={"stall_timeout": "5s"})
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    tunnel = type("T", (), {"port": relay.ports.http})

    def memory():
        with open(f"/proc/{relay.program.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    before = memory()
    with Raw(tunnel, settings=struct.pack(">HI", 4, 1)) as raw:  # a window of one byte
        for stream in range(1, 201, 2):
            raw.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, get("/flood")))
        raw.until(DATA, 199)
        with H2Visitor(relay.ports.http) as h2:
            assert h2.get("/echo").status == 200
        assert memory() - before < 80 * 1024  # KiB: not the 400 MiB of the answers
        assert raw.reset(199) == CANCEL  # nothing moved for stall_timeout


def test_an_upload_that_stands_still_is_given_up(stage):
    service = stage.service()
    relay = stage.relay(limits={"stall_timeout": "5s"})
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    with H2Visitor(relay.ports.http) as h2:
        answer = h2.wait(h2.request("POST", end=False))
        assert (answer.status, answer.headers["sallyport-error"]) == (408, "body-timeout")


def test_a_connection_without_a_request_ends(stage):
    relay = stage.relay(limits={"head_timeout": "1s", "idle_timeout": "1s"})
    with H2Visitor(relay.ports.http) as h2:
        assert h2.ending() == NO_ERROR
    with H2Visitor(relay.ports.http) as h2:
        assert h2.get("/health").status == 200
        assert h2.ending() == NO_ERROR


# --- RFC 9113 by section: a fault of the connection, of a stream, or none ---

CONNECTION_FAULTS = {
    "4.2 a frame beyond the size": ([frame(DATA, 0, 1, b"x" * 16385)], FRAME_SIZE),
    "4.3 a broken field block": ([frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\xff\xff\xff\xff\xff\xff\xff")], COMPRESSION),
    "5.1 DATA on an idle stream": ([frame(DATA, END_STREAM, 1, b"x")], PROTOCOL),
    "5.1 RST_STREAM on an idle stream": ([frame(RST, 0, 1, u32(CANCEL))], PROTOCOL),
    "5.1 WINDOW_UPDATE on an idle stream": ([frame(WINDOW, 0, 1, u32(1))], PROTOCOL),
    "5.1.1 an even stream": ([frame(HEADERS, END_HEADERS | END_STREAM, 2, get())], PROTOCOL),
    "6.1 DATA on stream 0": ([frame(DATA, 0, 0, b"x")], PROTOCOL),
    "6.1 padding longer than the frame": ([frame(HEADERS, END_HEADERS, 1, get()), frame(DATA, PADDED, 1, b"\x10ab")], PROTOCOL),
    "6.2 HEADERS on stream 0": ([frame(HEADERS, END_HEADERS, 0, get())], PROTOCOL),
    "6.2 another frame inside a field block": ([frame(HEADERS, END_STREAM, 1, get()), frame(PING, 0, 0, b"12345678")], PROTOCOL),
    "6.4 RST_STREAM on stream 0": ([frame(RST, 0, 0, u32(8))], PROTOCOL),
    "6.5 SETTINGS on a stream": ([frame(SETTINGS, 0, 1)], PROTOCOL),
    "6.5 SETTINGS of a wrong size": ([frame(SETTINGS, 0, 0, b"abc")], FRAME_SIZE),
    "6.5 an acknowledgement with payload": ([frame(SETTINGS, ACK, 0, b"\0\0\0\0\0\0")], FRAME_SIZE),
    "6.5.2 push neither on nor off": ([frame(SETTINGS, 0, 0, struct.pack(">HI", 2, 2))], PROTOCOL),
    "6.5.2 a window beyond 2^31": ([frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 31))], FLOW),
    "6.5.2 a frame size below 2^14": ([frame(SETTINGS, 0, 0, struct.pack(">HI", 5, 100))], PROTOCOL),
    "6.6 PUSH_PROMISE from a client": ([frame(HEADERS, END_HEADERS, 1, get()), frame(PUSH, END_HEADERS, 1, u32(2) + get())], PROTOCOL),
    "6.7 PING on a stream": ([frame(PING, 0, 1, b"12345678")], PROTOCOL),
    "6.7 PING of a wrong size": ([frame(PING, 0, 0, b"1234")], FRAME_SIZE),
    "6.8 GOAWAY on a stream": ([frame(GOAWAY, 0, 1, u32(0) + u32(0))], PROTOCOL),
    "6.9 WINDOW_UPDATE of a wrong size": ([frame(WINDOW, 0, 0, b"abc")], FRAME_SIZE),
    "6.9 WINDOW_UPDATE of nothing": ([frame(WINDOW, 0, 0, u32(0))], PROTOCOL),
    "6.9 WINDOW_UPDATE of nothing on a stream": ([frame(HEADERS, END_HEADERS, 1, get()), frame(WINDOW, 0, 1, u32(0))], PROTOCOL),
    "6.9.1 a window beyond 2^31": ([frame(WINDOW, 0, 0, u32(0x7fffffff))], FLOW),
    "6.10 CONTINUATION alone": ([frame(CONTINUATION, END_HEADERS, 1, get())], PROTOCOL),
}


@pytest.mark.parametrize("case", CONNECTION_FAULTS)
def test_faults_of_a_connection(tunnel, others, case):
    parts, code = CONNECTION_FAULTS[case]
    with Raw(tunnel) as raw:
        raw.send(*parts)
        assert raw.goaway() == code


def bad(*fields, drop=()):
    base = [(":method", "POST"), (":scheme", "http"), (":authority", "hello.localhost"), (":path", "/")]
    return block(*[f for f in base if f[0] not in drop], *fields)


STREAM_FAULTS = {
    "8.1 trailers without an end": [frame(HEADERS, END_HEADERS, 1, bad()), frame(HEADERS, END_HEADERS, 1, block(("x", "y")))],
    "8.1.1 less than the length": [frame(HEADERS, END_HEADERS, 1, bad(("content-length", "5"))), frame(DATA, END_STREAM, 1, b"abc")],
    "8.1.1 more than the length": [frame(HEADERS, END_HEADERS, 1, bad(("content-length", "1"))), frame(DATA, END_STREAM, 1, b"abc")],
    "8.2 an upper-case name": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("X-A", "b")))],
    "8.2.1 a line end in a value": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("x", "a\r\nhost: b")))],
    "8.2.1 a NUL in a value": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("x", "a\0b")))],
    "8.2.2 connection": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("connection", "close")))],
    "8.2.2 transfer-encoding": [frame(HEADERS, END_HEADERS, 1, bad(("transfer-encoding", "chunked")))],
    "8.2.2 te": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("te", "gzip")))],
    "8.3 an unknown pseudo field": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad((":x", "y")))],
    "8.3 a response's pseudo field": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad((":status", "200")))],
    "8.3 a pseudo field behind fields": [frame(HEADERS, END_HEADERS | END_STREAM, 1, block(("x", "y")) + bad())],
    "8.3 pseudo fields in trailers": [frame(HEADERS, END_HEADERS, 1, bad()), frame(HEADERS, END_HEADERS | END_STREAM, 1, block((":path", "/")))],
    "8.3.1 no method": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(drop=[":method"]))],
    "8.3.1 no scheme": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(drop=[":scheme"]))],
    "8.3.1 no path": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(drop=[":path"]))],
    "8.3.1 two paths": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad((":path", "/b")))],
    "8.3.1 an absolute path": [frame(HEADERS, END_HEADERS | END_STREAM, 1, block(
        (":method", "GET"), (":scheme", "http"), (":authority", "hello.localhost"), (":path", "http://x/")))],
    "8.3.1 host and authority differ": [frame(HEADERS, END_HEADERS | END_STREAM, 1, bad(("host", "other.localhost")))],
}


@pytest.mark.parametrize("case", STREAM_FAULTS)
def test_faults_of_a_stream(tunnel, others, case):
    with Raw(tunnel) as raw:
        raw.send(*STREAM_FAULTS[case])
        assert raw.reset(1) == PROTOCOL
        # The connection goes on.
        raw.send(frame(HEADERS, END_HEADERS | END_STREAM, 3, get()))
        raw.until(HEADERS, 3)


def test_what_must_be_ignored_is(tunnel, others):
    with Raw(tunnel) as raw:
        raw.send(frame(0x42, 0xff, 0, b"unknown"),                        # 4.1, 5.5
                 frame(SETTINGS, 0, 0, struct.pack(">HI", 0x4242, 1)),    # 6.5.2
                 frame(PING, ACK, 0, b"12345678"),                        # 6.7
                 frame(HEADERS, END_HEADERS | END_STREAM | PADDED, 1, b"\x03" + get() + b"\0\0\0"),
                 frame(PRIORITY, 0, 3, u32(1) + b"\x10"))
        raw.until(HEADERS, 1)
        raw.send(frame(PING, 0, 0, b"abcdefgh"))
        assert raw.until(PING)[3] == b"abcdefgh"


def test_a_request_one_byte_at_a_time(tunnel, others):
    with Raw(tunnel, start=False) as raw:
        for byte in PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, END_HEADERS | END_STREAM, 1, get()):
            raw.send(bytes([byte]))
        raw.until(HEADERS, 1)


def test_a_request_over_continuations(tunnel, others):
    whole = get()
    with Raw(tunnel) as raw:
        raw.send(frame(HEADERS, END_STREAM, 1, whole[:10]), frame(CONTINUATION, 0, 1, whole[10:30]),
                 frame(CONTINUATION, END_HEADERS, 1, whole[30:]))
        raw.until(HEADERS, 1)
