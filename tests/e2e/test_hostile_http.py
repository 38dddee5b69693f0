"""Framing that two readers could read differently is refused, whoever sends it."""
import pytest

HOST = b"Host: hello.localhost\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: hello.localhost\r\n\r\n"

# A request, and the status it is refused with. Each is followed by a second request that must not be served.
AMBIGUOUS = {
    "both lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "both lengths, the other way": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
    "two lengths that differ": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n", 400),
    "two lengths that agree": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400),
    "a list of lengths": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0, 5\r\n\r\n", 400),
    "a signed length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\na", 400),
    "a negative length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
    "a hexadecimal length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0x5\r\n\r\n", 400),
    "an empty length": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: \r\n\r\n", 400),
    "a length beyond all bounds": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "xchunked": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n", 400),
    "chunked, identity": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n", 400),
    "gzip, chunked": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 400),
    "chunked twice": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "identity": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: identity\r\n\r\n", 400),
    "chunked with a vertical tab": (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: \x0bchunked\r\n\r\n", 400),
    "chunked to HTTP/1.0": (b"POST / HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "bare CR in a value": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\rTransfer-Encoding: chunked\r\n\r\n", 400),
    "bare CR after an empty value": (b"GET / HTTP/1.1\r\n" + HOST + b"X:\rTransfer-Encoding: chunked\r\n\r\n", 400),
    "bare LF": (b"GET / HTTP/1.1\n" + b"Host: hello.localhost\n\n", 400),
    "bare LF between headers": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\nY: b\r\n\r\n", 400),
    "obs-fold": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n Content-Length: 5\r\n\r\n", 400),
    "obs-fold with a tab": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n\tb\r\n\r\n", 400),
    "fold before the first header": (b"GET / HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n", 400),
    "space before the colon": (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length : 5\r\n\r\nabcde", 400),
    "no colon": (b"GET / HTTP/1.1\r\n" + HOST + b"Nothing\r\n\r\n", 400),
    "empty name": (b"GET / HTTP/1.1\r\n" + HOST + b": x\r\n\r\n", 400),
    "two Hosts": (b"GET / HTTP/1.1\r\n" + HOST + b"Host: other.localhost\r\n\r\n", 400),
    "two Hosts that agree": (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "Host that is none": (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "NUL in a value": (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n", 400),
    "NUL in a name": (b"GET / HTTP/1.1\r\n" + HOST + b"X\0: a\r\n\r\n", 400),
    "NUL in the target": (b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "control character in a name": (b"GET / HTTP/1.1\r\n" + HOST + b"X\x01: a\r\n\r\n", 400),
    "two spaces in the request line": (b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "tab in the request line": (b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "no version": (b"GET /\r\n" + HOST + b"\r\n", 400),
    "HTTP/2.0": (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    "HTTP/1.2": (b"GET / HTTP/1.2\r\n" + HOST + b"\r\n", 505),
    "http/1.1 in small letters": (b"GET / http/1.1\r\n" + HOST + b"\r\n", 400),
    "a target that is no path": (b"GET nowhere HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "unknown expectation": (b"GET / HTTP/1.1\r\n" + HOST + b"Expect: cake\r\n\r\n", 417),
    "TLS at the plain port": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 600 + b"\r\n\r\n", 400),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_request_is_refused_and_the_connection_closed(tunnel, name):
    request, status = AMBIGUOUS[name]
    smuggled = []
    tunnel.service.paths["/smuggled"] = lambda wire, head: smuggled.append(head)
    with tunnel.visitor() as visitor:
        visitor.send(request, SMUGGLED)
        head, _ = visitor.response()
        assert head.status == status and head.has("Sallyport-Error")
        assert head.get("Connection") == "close"
        assert visitor.rest() == b"" and not smuggled


# Bodies that turn out wrong after the head was passed on.
BAD_CHUNKS = {
    "no number": b"zz\r\nabc\r\n", "empty size": b"\r\nabc\r\n", "negative": b"-1\r\n", "space before": b" 3\r\nabc\r\n",
    "space after": b"3 \r\nabc\r\n", "0x": b"0x3\r\nabc\r\n", "bare LF after the size": b"3\nabc\r\n",
    "bare LF in an extension": b"3;a\nb\r\nabc\r\n", "bare CR in an extension": b"3;a\rb\r\nabc\r\n",
    "no end": b"3\r\nabcdef\r\n", "LF alone at the end": b"3\r\nabc\n0\r\n\r\n", "beyond all bounds": b"ffffffffffffffffff\r\n",
    "trailer that frames": b"0\r\nContent-Length: 5\r\n\r\n", "folded trailer": b"0\r\nX: a\r\n b\r\n\r\n",
    "NUL in a trailer": b"0\r\nX: \0\r\n\r\n", "an extension without end": b"3;" + b"a" * 100_000,
}


@pytest.mark.parametrize("name", BAD_CHUNKS)
def test_bad_chunk_ends_the_request(tunnel, name):
    def wait_for_body(wire, head):
        wire.ending()
        return False

    tunnel.service.paths["/body"] = wait_for_body
    with tunnel.visitor() as visitor:
        try:
            visitor.send(b"POST /body HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n", BAD_CHUNKS[name])
            head, _ = visitor.response()
        except ConnectionError:
            return  # broken off is fine too; an answer of the service would not be
        assert (head.status, head.get("Connection")) == (400, "close")
        assert visitor.rest() == b""


ANSWERS = {
    "both lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a list of lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\na",
    "xchunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "chunked, identity": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
    "chunked from HTTP/1.0": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bare CR": b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n",
    "bare LF": b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "obs-fold": b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "space before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
    "NUL": b"HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 0\r\n\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "status of two digits": b"HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n",
    "not HTTP at all": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/2": b"HTTP/2 200 OK\r\n\r\n",
    "a huge head": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    "101 that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "1xx without end": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100_000,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_of_a_service_is_not_passed_on(tunnel, name):
    def answer(wire, head):
        wire.send(ANSWERS[name])
        wire.ending()
        return False

    tunnel.service.paths["/answer"] = answer
    with tunnel.visitor() as visitor:
        visitor.request(target="/answer")
        try:
            head, _ = visitor.response()
        except (ConnectionError, EOFError):
            assert name == "1xx without end"
            return
        assert head.status == 502 and head.get("Sallyport-Error"), head.raw
        # The fault is the service's: the visitor's own connection may go on.
        if head.get("Connection") != "close":
            visitor.request(target="/fine")
            assert visitor.response()[0].status == 200


def test_bytes_after_an_answer_never_reach_the_next_visitor(tunnel):
    def too_much(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray")
        wire.ending()
        return False

    tunnel.service.paths["/too-much"] = too_much
    for _ in range(20):
        with tunnel.visitor() as visitor:
            visitor.request(target="/too-much")
            assert visitor.response()[1] == b"ok"
            visitor.request(target="/fine")
            assert b"stray" not in visitor.response()[1]
