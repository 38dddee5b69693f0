"""Bodies of any size stream through, at the speed of whoever is slower, and end as they ended."""
import json
import socket
import subprocess
import threading

import pytest

from support.clients import curl
from support.data import BLOCK, LARGE, blocks, checksum, file_checksum, write_file
from support.patience import PATIENCE, until


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "large"
    return path, write_file(path, LARGE)


def body_pieces(wire, head):
    left = int(head.get("Content-Length"))
    while left:
        piece = wire.some()
        assert piece, "the body was cut off"
        left -= len(piece)
        yield piece


def serve_large(tunnel):
    @tunnel.service.on("/large")
    def large(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n")
        for block in blocks(LARGE):
            wire.send(block)


def test_large_download(tunnel, tmp_path):
    serve_large(tunnel)
    curl(tunnel, "/large", "-o", tmp_path / "got")
    assert file_checksum(tmp_path / "got") == checksum(blocks(LARGE))


def test_large_upload(tunnel, large_file):
    path, expected = large_file

    @tunnel.service.on("/upload")
    def upload(wire, head):
        if head.get("Expect"):
            wire.send("HTTP/1.1 100 Continue\r\n\r\n")
        wire.answer(json.dumps(checksum(body_pieces(wire, head))))

    assert tuple(json.loads(curl(tunnel, "/upload", "-T", path))) == expected


def test_large_chunked_upload_and_download_at_once(tunnel, tmp_path):
    """An upstream that answers while it reads: every byte comes back."""
    size = 60 << 20

    @tunnel.service.on("/back")
    def back(wire, head):
        if head.get("Expect"):
            wire.send("HTTP/1.1 100 Continue\r\n\r\n")
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in iter(wire.next_chunk, b""):
            wire.chunk(piece)
        wire.last_chunk()

    expected = write_file(tmp_path / "sent", size)
    with open(tmp_path / "sent", "rb") as sent:
        curl(tunnel, "/back", "-T", "-", "-o", tmp_path / "got", stdin=sent)
    assert file_checksum(tmp_path / "got") == expected


def test_many_downloads_side_by_side(tunnel):
    size = 4 << 20

    @tunnel.service.on("/medium")
    def medium(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n")
        for block in blocks(size):
            wire.send(block)

    expected, results = checksum(blocks(size)), []

    def download():
        with tunnel.visitor() as visitor:
            visitor.request(target="/medium")
            results.append(checksum(body_pieces(visitor, visitor.head())))

    threads = [threading.Thread(target=download) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
    assert results == [expected] * 16


def test_server_sent_events_arrive_one_by_one(tunnel):
    go_on = threading.Semaphore(0)

    @tunnel.service.on("/events")
    def events(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for n in range(10):
            wire.chunk(b"data: %d\n\n" % n)
            assert go_on.acquire(timeout=PATIENCE)
        wire.last_chunk()

    with tunnel.visitor() as visitor:
        visitor.request(target="/events")
        visitor.head()
        for n in range(10):  # each is read before the service sends the next
            assert visitor.next_chunk() == b"data: %d\n\n" % n
            go_on.release()
        assert visitor.next_chunk() == b""


def test_request_body_arrives_piece_by_piece(tunnel):
    got = threading.Semaphore(0)

    @tunnel.service.on("/pieces")
    def pieces(wire, head):
        while wire.next_chunk():
            got.release()
        wire.answer("ok")

    with tunnel.visitor() as visitor:
        visitor.request("POST", "/pieces", headers=[("Transfer-Encoding", "chunked")])
        for n in range(10):
            visitor.chunk(b"%d" % n)
            assert got.acquire(timeout=PATIENCE)
        visitor.last_chunk()
        assert visitor.response()[1] == b"ok"


def test_answer_that_comes_before_the_upload_ends(tunnel):
    @tunnel.service.on("/early")
    def early(wire, head):
        wire.answer("too large", status="413 Content Too Large", headers=[("Connection", "close")])
        return False

    with tunnel.visitor() as visitor:
        visitor.send("POST /early HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 100000000\r\n\r\n", b"x" * 1000)
        head, body = visitor.response()
        assert (head.status, body) == (413, b"too large")
        assert head.get("Connection") == "close"


def test_curl_sees_an_early_answer_to_its_large_upload(tunnel, large_file):
    @tunnel.service.on("/early413")
    def early(wire, head):
        wire.answer("too large", status="413 Content Too Large", headers=[("Connection", "close")])
        wire.finish_writing()
        wire.ending()  # a service that lingers, so that its answer is not lost
        return False

    result = curl(tunnel, "/early413", "-T", large_file[0], "-H", "Expect:", "-w", "%{http_code}", check=False)
    assert "413" in result.stdout


def test_answer_and_upload_may_overlap(tunnel):
    @tunnel.service.on("/overlap")
    def overlap(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        wire.chunk(b"begun")
        size = sum(len(piece) for piece in iter(wire.next_chunk, b""))
        wire.chunk(b"%d" % size)
        wire.last_chunk()

    with tunnel.visitor() as visitor:
        visitor.request("POST", "/overlap", headers=[("Transfer-Encoding", "chunked")])
        assert visitor.head().status == 200
        assert visitor.next_chunk() == b"begun"
        for _ in range(100):
            visitor.chunk(b"y" * 10_000)
        visitor.last_chunk()
        assert visitor.next_chunk() == b"1000000"


@pytest.mark.parametrize("way", ["abort", "close"])
def test_visitor_that_leaves_a_download_is_seen_by_the_service(tunnel, way):
    ended = threading.Event()

    @tunnel.service.on("/endless")
    def endless(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                wire.chunk(BLOCK[:65536])
        except OSError:
            ended.set()
        return False

    visitor = tunnel.visitor()
    visitor.request(target="/endless")
    visitor.head()
    visitor.next_chunk()
    getattr(visitor, way)()
    assert ended.wait(PATIENCE)


def test_visitor_that_leaves_while_the_service_thinks_is_seen(tunnel):
    asked, ended = threading.Event(), threading.Event()

    @tunnel.service.on("/thinks")
    def thinks(wire, head):
        asked.set()
        wire.ending()
        ended.set()
        return False

    visitor = tunnel.visitor()
    visitor.request(target="/thinks")
    assert asked.wait(PATIENCE)
    visitor.abort()
    assert ended.wait(PATIENCE)


def test_visitor_that_aborts_an_upload_is_no_end_of_the_upload(tunnel):
    begun, how = threading.Event(), []

    @tunnel.service.on("/cut")
    def cut(wire, head):
        wire.next_chunk()
        begun.set()
        try:
            how.append(wire.next_chunk() or "complete")
        except EOFError:
            how.append("end")
        except OSError:
            how.append("reset")
        return False

    visitor = tunnel.visitor()
    visitor.request("POST", "/cut", headers=[("Transfer-Encoding", "chunked")])
    visitor.chunk(b"first")
    assert begun.wait(PATIENCE)
    visitor.abort()
    until(lambda: how, "the service to see the end")
    assert how[0] in ("reset", "end")


@pytest.mark.parametrize("framing", ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
def test_service_that_breaks_off_is_no_whole_answer(tunnel, framing):
    @tunnel.service.on("/breaks")
    def breaks(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n")
        wire.chunk(b"some")
        wire.abort()
        return False

    result = curl(tunnel, "/breaks", check=False)
    assert result.returncode in (18, 56), result  # partial file, or a connection reset


def test_service_that_resets_an_answer_without_length_is_no_whole_answer(tunnel):
    sent = threading.Event()

    @tunnel.service.on("/resets")
    def resets(wire, head):
        wire.send("HTTP/1.1 200 OK\r\n\r\nsome")
        assert sent.wait(PATIENCE)
        wire.abort()
        return False

    with tunnel.visitor() as visitor:
        visitor.request(target="/resets")
        visitor.head()
        visitor.some()
        sent.set()
        assert visitor.ending() == "reset"


def test_reader_that_stops_does_not_hold_up_others_nor_memory(tunnel):
    serve_large(tunnel)
    visitor = tunnel.visitor()
    visitor.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    visitor.request(target="/large")
    visitor.exactly(100)  # and then nothing for a while
    before = resident(tunnel.relay.program.pid) + resident(tunnel.agent.program.pid)
    for _ in range(3):
        size = checksum(stream(tunnel, "/large", 50 << 20))[0]
        assert size >= 50 << 20
    after = resident(tunnel.relay.program.pid) + resident(tunnel.agent.program.pid)
    assert after - before < 64 << 20
    visitor.close()


def stream(tunnel, path, at_least):
    """The answer's bytes until there are this many."""
    with tunnel.visitor() as visitor:
        visitor.request(target=path)
        visitor.head()
        while at_least > 0:
            piece = visitor.some()
            assert piece
            at_least -= len(piece)
            yield piece


def test_limit_rate_beside_a_fast_one(tunnel):
    serve_large(tunnel)
    slow = subprocess.Popen(["curl", "-sS", "--noproxy", "*", "--limit-rate", "300k", "-o", "/dev/null",
                             "--resolve", f"hello.localhost:{tunnel.port}:127.0.0.1", f"{tunnel.url}/large"])
    try:
        assert len(curl(tunnel, "/large", "-o", "/dev/null", "-w", "%{size_download}")) == len(str(LARGE))
        assert slow.poll() is None  # it goes on meanwhile
    finally:
        slow.kill()
        slow.wait()


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) * 1024
