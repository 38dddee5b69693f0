"""HTTP semantics through the tunnel, said by hand."""
import json

import pytest


def test_every_method_reaches_the_service(tunnel):
    with tunnel.visitor() as visitor:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "X-OWN"):
            body = b"" if method in ("GET", "TRACE") else b"some body"
            visitor.request(method, "/echo?a=b;c%20d", body=body)
            head, answer = visitor.response()
            seen = json.loads(answer)
            assert (head.status, seen["method"], seen["target"]) == (200, method, "/echo?a=b;c%20d")
            assert seen["length"] == len(body)


def test_get_may_have_a_body(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request("GET", body=b"x" * 1000)
        assert json.loads(visitor.response()[1])["length"] == 1000


def test_answers_without_body_keep_their_headers_and_the_connection(tunnel):
    @tunnel.service.on("/bodyless")
    def bodyless(wire, head):
        if head.method == "HEAD":
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: \"a\"\r\n\r\n")
        else:
            wire.send(f"HTTP/1.1 {head.get('want')} Whatever\r\nETag: \"b\"\r\n\r\n")

    with tunnel.visitor() as visitor:
        visitor.request("HEAD", "/bodyless")
        head, _ = visitor.response(to_head_request=True)
        assert (head.get("Content-Length"), head.get("ETag")) == ("12345", '"a"')
        for status in (204, 304):
            visitor.request("GET", "/bodyless", headers=[("want", status)])
            head, _ = visitor.response()
            assert (head.status, head.get("ETag")) == (status, '"b"')
        visitor.request("GET", "/echo")
        assert visitor.response()[0].status == 200


def test_304_with_a_length_of_what_it_would_have_been(tunnel):
    @tunnel.service.on("/304")
    def not_modified(wire, head):
        wire.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")

    with tunnel.visitor() as visitor:
        visitor.request(target="/304")
        assert visitor.response()[0].get("Content-Length") == "99"
        visitor.request(target="/echo")
        assert visitor.response()[0].status == 200


def test_chunks_and_trailers_travel_up(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request("POST", headers=[("Transfer-Encoding", "chunked"), ("Trailer", "X-Sum")])
        visitor.chunk(b"hello ", ";name=value")
        visitor.chunk(b"world")
        visitor.last_chunk([("X-Sum", "11")])
        seen = json.loads(visitor.response()[1])
        assert seen["length"] == 11 and ["X-Sum", "11"] in seen["trailers"]


def test_chunks_and_trailers_travel_down(tunnel):
    @tunnel.service.on("/chunked")
    def chunked(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n")
        for piece in (b"a" * 10, b"b" * 100_000, b"c"):
            wire.chunk(piece)
        wire.last_chunk([("X-Sum", "abc")])

    with tunnel.visitor() as visitor:
        for _ in range(2):
            visitor.request(target="/chunked", headers=[("TE", "trailers"), ("Connection", "TE")])
            head, body = visitor.response()
            assert body == b"a" * 10 + b"b" * 100_000 + b"c"
            assert ("X-Sum", "abc") in visitor.trailers


def test_100_continue_comes_from_the_service_and_before_the_body(tunnel):
    @tunnel.service.on("/continue")
    def willing(wire, head):
        assert head.get("Expect") == "100-continue"
        wire.send("HTTP/1.1 100 Continue\r\n\r\n")
        wire.answer(wire.body(head))

    with tunnel.visitor() as visitor:
        visitor.send("PUT /continue HTTP/1.1\r\nHost: hello.localhost\r\nExpect: 100-continue\r\n"
                     "Content-Length: 4\r\n\r\n")
        assert visitor.head().status == 100
        visitor.send(b"body")
        head, body = visitor.response()
        assert (head.status, body) == (200, b"body")


def test_final_answer_instead_of_100_continue(tunnel):
    @tunnel.service.on("/forbidden")
    def unwilling(wire, head):
        wire.answer("no", status="403 Forbidden", headers=[("Connection", "close")])
        return False

    with tunnel.visitor() as visitor:
        visitor.send("PUT /forbidden HTTP/1.1\r\nHost: hello.localhost\r\nExpect: 100-continue\r\n"
                     "Content-Length: 4000000\r\n\r\n")
        head, body = visitor.response()
        assert (head.status, body, head.get("Connection")) == (403, b"no", "close")
        assert visitor.ending() == "end"


def test_interim_answers_are_passed_on_in_order(tunnel):
    @tunnel.service.on("/hints")
    def hints(wire, head):
        wire.send("HTTP/1.1 102 Processing\r\n\r\n")
        wire.send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        wire.answer("done")

    with tunnel.visitor() as visitor:
        visitor.request(target="/hints")
        assert visitor.head().status == 102
        hint = visitor.head()
        assert (hint.status, hint.get("Link")) == (103, "</style.css>")
        assert visitor.response()[1] == b"done"


def test_interim_answers_are_kept_from_http10(tunnel):
    @tunnel.service.on("/hints10")
    def hints(wire, head):
        wire.send("HTTP/1.1 103 Early Hints\r\n\r\n")
        wire.answer("done")

    with tunnel.visitor() as visitor:
        visitor.request(target="/hints10", version="1.0")
        head = visitor.head()
        assert head.status == 200 and visitor.body(head) == b"done"


def test_a_connection_and_its_upstream_are_used_again(tunnel):
    before = tunnel.service.connections
    with tunnel.visitor() as visitor:
        for n in range(50):
            visitor.request(target=f"/{n}")
            assert json.loads(visitor.response()[1])["target"] == f"/{n}"
    assert tunnel.service.connections <= before + 1


def test_pipelined_requests_are_answered_in_order(tunnel):
    with tunnel.visitor() as visitor:
        text = ""
        for n in range(40):
            if n % 3:
                text += f"GET /{n} HTTP/1.1\r\nHost: hello.localhost\r\n\r\n"
            else:
                text += f"POST /{n} HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 5\r\n\r\nxxxxx"
        visitor.send(text)
        for n in range(40):
            head, body = visitor.response()
            seen = json.loads(body)
            assert (seen["target"], seen["length"]) == (f"/{n}", 0 if n % 3 else 5)


def test_absolute_form_names_the_host(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(target=f"http://hello.localhost:{tunnel.port}/path?q", host="other.localhost")
        seen = json.loads(visitor.response()[1])
        assert seen["target"] == "/path?q"
        assert ["Host", f"hello.localhost:{tunnel.port}"] in seen["fields"]


def test_options_asterisk(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request("OPTIONS", "*")
        assert json.loads(visitor.response()[1])["first"] == "OPTIONS * HTTP/1.1"


def test_connect_is_refused(tunnel):
    with tunnel.visitor() as visitor:
        visitor.send("CONNECT hello.localhost:80 HTTP/1.1\r\nHost: hello.localhost:80\r\n\r\n")
        head, _ = visitor.response()
        assert (head.status, head.get("Sallyport-Error")) == (405, "connect-refused")


def test_http10_gets_the_answer_and_the_end(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(version="1.0")
        head, body = visitor.response()
        assert json.loads(body)["first"] == "GET / HTTP/1.1"
        assert visitor.ending() == "end"


def test_http10_may_keep_its_connection(tunnel):
    with tunnel.visitor() as visitor:
        for _ in range(3):
            visitor.request(version="1.0", headers=[("Connection", "keep-alive")])
            head, _ = visitor.response()
            assert head.get("Connection", "").lower() == "keep-alive"


def test_http10_never_sees_chunks(tunnel):
    @tunnel.service.on("/to10")
    def chunked(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.chunk(b"one ")
        wire.chunk(b"two")
        wire.last_chunk()

    with tunnel.visitor() as visitor:
        visitor.request(target="/to10", version="1.0")
        head = visitor.head()
        assert not head.has("Transfer-Encoding")
        assert visitor.rest() == b"one two"


def test_body_that_ends_with_the_connection(tunnel):
    @tunnel.service.on("/until-close")
    def until_close(wire, head):
        wire.send("HTTP/1.1 200 OK\r\n\r\n", b"z" * 300_000)
        return False

    with tunnel.visitor() as visitor:
        visitor.request(target="/until-close")
        head, body = visitor.response()
        assert body == b"z" * 300_000


def test_connection_close_is_honoured(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request(headers=[("Connection", "close")])
        head, _ = visitor.response()
        assert head.get("Connection") == "close" and visitor.ending() == "end"


def test_empty_lines_before_a_request_are_skipped(tunnel):
    with tunnel.visitor() as visitor:
        visitor.send("\r\n")
        visitor.request()
        assert visitor.response()[0].status == 200


def test_a_head_may_come_byte_by_byte(tunnel):
    with tunnel.visitor() as visitor:
        for byte in b"POST /slow HTTP/1.1\r\nHost: hello.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n":
            visitor.send(bytes([byte]))
        assert json.loads(visitor.response()[1])["length"] == 3


def test_half_closed_visitor_gets_its_answer(tunnel):
    with tunnel.visitor() as visitor:
        visitor.request()
        visitor.finish_writing()
        assert visitor.response()[0].status == 200
        assert visitor.ending() == "end"


@pytest.mark.parametrize("status", ["200 OK", "301 Moved", "404 Not Found", "418 I'm a teapot", "500 Oh", "599 "])
def test_status_and_reason_pass(tunnel, status):
    @tunnel.service.on("/status")
    def answer(wire, head):
        wire.answer("x", status=status)

    with tunnel.visitor() as visitor:
        visitor.request(target="/status")
        head, body = visitor.response()
        assert (head.first.strip(), body) == (f"HTTP/1.1 {status}".strip(), b"x")
