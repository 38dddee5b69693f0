"""Which headers reach the service, which reach the visitor, and who is believed."""
import json
import re

import pytest

from conftest import Tunnel


def seen_by_service(tunnel, headers=(), host="hello.localhost", **request):
    with tunnel.visitor() as visitor:
        visitor.request(headers=headers, host=host, **request)
        fields = json.loads(visitor.response()[1])["fields"]
    return {name.lower(): [v for n, v in fields if n.lower() == name.lower()] for name, _ in fields}


SPOOFED = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil"),
           ("X-Forwarded-Port", "1"), ("Forwarded", "for=6.6.6.6"), ("X-Request-Id", "mine"), ("X-Real-Ip", "6.6.6.6")]


def test_the_truth_about_the_visitor_is_told(tunnel):
    seen = seen_by_service(tunnel)
    assert seen["x-forwarded-for"] == ["127.0.0.1"]
    assert seen["x-forwarded-proto"] == ["http"]
    assert seen["x-forwarded-host"] == ["hello.localhost"]
    assert seen["forwarded"] == ["for=127.0.0.1;host=hello.localhost;proto=http"]
    assert re.fullmatch(r"\S{16,}", seen["x-request-id"][0])


def test_claims_of_strangers_are_dropped(tunnel):
    seen = seen_by_service(tunnel, SPOOFED)
    assert seen["x-forwarded-for"] == ["127.0.0.1"]
    assert seen["x-forwarded-proto"] == ["http"]
    assert seen["x-forwarded-host"] == ["hello.localhost"]
    assert "6.6.6.6" not in str(seen) and "evil" not in str(seen)
    assert seen["x-request-id"] != ["mine"]


def test_request_ids_differ(tunnel):
    assert seen_by_service(tunnel)["x-request-id"] != seen_by_service(tunnel)["x-request-id"]


def test_claims_of_trusted_proxies_are_continued(shared_stage):
    trusting = Tunnel(shared_stage, trusted_proxies="127.0.0.0/8")
    seen = seen_by_service(trusting, SPOOFED[:2] + [("Forwarded", "for=6.6.6.6"), ("X-Request-Id", "theirs")])
    assert seen["x-forwarded-for"] == ["6.6.6.6, 127.0.0.1"]
    assert seen["x-forwarded-proto"] == ["https"]
    assert seen["forwarded"][0].startswith("for=6.6.6.6, for=127.0.0.1")
    assert seen["x-request-id"] == ["theirs"]


@pytest.mark.parametrize("name,value", [
    ("Connection", "x-private"), ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"), ("TE", "gzip"),
    ("Upgrade", "foo")])
def test_hop_by_hop_headers_stay_behind(tunnel, name, value):
    headers = [(name, value), ("X-Private", "1")] if name == "Connection" else [(name, value)]
    seen = seen_by_service(tunnel, headers)
    assert name.lower() not in seen
    if name == "Connection":
        assert "x-private" not in seen


def test_connection_cannot_name_away_what_matters(tunnel):
    seen = seen_by_service(tunnel, [("Connection", "host, x-forwarded-for, content-length, authorization")],
                           method="POST", body=b"abc")
    assert seen["host"] == ["hello.localhost"] and seen["x-forwarded-for"] == ["127.0.0.1"]
    assert seen["content-length"] == ["3"]


def test_hop_by_hop_headers_of_the_service_stay_behind(tunnel):
    @tunnel.service.on("/hop")
    def hop(wire, head):
        wire.answer("x", headers=[("Connection", "keep-alive, X-Own"), ("Keep-Alive", "timeout=5"), ("X-Own", "1"),
                                  ("Proxy-Connection", "keep-alive"), ("X-Kept", "1"), ("Set-Cookie", "a=1"),
                                  ("Set-Cookie", "b=2"), ("Server", "own")])

    with tunnel.visitor() as visitor:
        visitor.request(target="/hop")
        head, _ = visitor.response()
        for name in ("Keep-Alive", "X-Own", "Proxy-Connection"):
            assert not head.has(name)
        assert head.all("Set-Cookie") == ["a=1", "b=2"]
        assert (head.get("X-Kept"), head.get("Server")) == ("1", "own")


def test_other_headers_pass_unchanged_and_in_order(tunnel):
    headers = [("Cookie", "a=1; b=2"), ("Authorization", "Basic eDp5"), ("X-B", "2"), ("x-a", "1"), ("X-B", "3"),
               ("Accept-Encoding", "br, gzip"), ("X-Bytes", "caf\u00e9"), ("X-Empty", "")]
    with tunnel.visitor() as visitor:
        lines = "".join(f"{n}: {v}\r\n" for n, v in headers).encode("latin-1")
        visitor.send(b"GET / HTTP/1.1\r\nHost: hello.localhost\r\n", lines, b"\r\n")
        fields = [tuple(field) for field in json.loads(visitor.response()[1])["fields"]]
    assert [field for field in fields if field in headers] == headers


def test_host_header_of_the_tunnel(shared_stage):
    other = Tunnel(shared_stage, lambda service: {
        "web": {"http": service.port, "name": "hello", "host_header": "inside.example:8080"}})
    seen = seen_by_service(other)
    assert seen["host"] == ["inside.example:8080"]
    assert seen["x-forwarded-host"] == ["hello.localhost"]
