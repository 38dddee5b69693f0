"""A thousand visitors at once: all are inside before the first is answered."""
import asyncio
import contextlib
import threading

from support.patience import PATIENCE

VISITORS = 1000


class CrowdService:
    """Holds every answer back until all have asked."""

    def __init__(self, expected):
        self.expected, self.inside, self.ready = expected, 0, threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        assert self.ready.wait(PATIENCE)

    async def serve(self):
        self.loop, self.stop, self.all_in = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0, backlog=2048)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.stop.wait()

    async def talk(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        self.inside += 1
        if self.inside == self.expected:
            self.all_in.set()
        await self.all_in.wait()
        body = head.split(b" ")[1] * 100
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    def close(self):
        self.loop.call_soon_threadsafe(self.stop.set)


async def visit(port, n):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /%d HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n" % n)
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 "), answer
    assert answer.endswith(b"\r\n\r\n" + b"/%d" % n * 100)


def test_a_thousand_visitors_at_once(stage):
    relay = stage.relay()
    service = stage._keep(CrowdService(VISITORS))
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})

    async def crowd():
        await asyncio.gather(*(visit(relay.ports.http, n) for n in range(VISITORS)))

    asyncio.run(asyncio.wait_for(crowd(), PATIENCE * 2))
    assert service.inside == VISITORS


def test_more_visitors_at_once_than_a_link_may_have_waiting_streams(stage):
    """The same for a tcp tunnel, where each visitor is a stream."""
    relay = stage.relay()
    number = relay.ports.tcp[0]
    together = threading.Barrier(600, timeout=PATIENCE)

    def echo(wire):
        wire.exactly(5)
        together.wait()
        wire.send(b"world")

    stage.agent(relay, {"raw": {"tcp": stage.upstream(echo).port, "remote_port": number}})

    async def visit_port():
        reader, writer = await asyncio.open_connection("127.0.0.1", number)
        writer.write(b"hello")
        writer.write_eof()
        assert await reader.read() == b"world"
        writer.close()

    async def crowd():
        await asyncio.gather(*(visit_port() for _ in range(600)))

    asyncio.run(asyncio.wait_for(crowd(), PATIENCE * 2))
