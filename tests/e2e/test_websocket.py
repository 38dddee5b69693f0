"""Real WebSocket clients and servers through the tunnel, and any other Upgrade."""
import asyncio
import contextlib
import os
import threading

import pytest
import websockets

from conftest import Tunnel
from support.patience import PATIENCE

LARGE = 3 << 20


class WebSocketServer:
    """Echoes; some paths and messages do more. Runs in a thread with its own loop."""

    def __init__(self):
        self.ready = threading.Event()
        self.ended = {}  # path -> how the client left
        self.noted = threading.Condition()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        assert self.ready.wait(PATIENCE)

    async def serve(self):
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        server = await websockets.serve(self.talk, "127.0.0.1", 0, max_size=1 << 24, ping_interval=None,
                                        subprotocols=["chat", "superchat"])
        self.port = next(iter(server.sockets)).getsockname()[1]
        self.ready.set()
        await self.stop.wait()
        server.close()

    async def talk(self, socket, *_):
        path = socket.path if hasattr(socket, "path") else socket.request.path
        try:
            async for message in socket:
                if message == "close":
                    await socket.close(4321, "as you wish")
                elif message == "ping":
                    await (await socket.ping(b"hello"))
                    await socket.send("ponged")
                elif message == "drop":
                    socket.transport.abort()
                else:
                    await socket.send(message)
        except websockets.ConnectionClosed:
            pass
        with self.noted:
            self.ended[path] = socket.close_code
            self.noted.notify_all()

    def close(self):
        self.loop.call_soon_threadsafe(self.stop.set)


@pytest.fixture(scope="module")
def chat(shared_stage):
    server = shared_stage._keep(WebSocketServer())
    tunnel = Tunnel(shared_stage, lambda service: {"web": {"http": server.port, "name": "hello"},
                                                   "plain": {"http": service.port, "name": "plain"}})
    tunnel.server = server
    return tunnel


def connect(chat, path="/", **options):
    return websockets.connect(f"ws://hello.localhost:{chat.port}{path}", host="127.0.0.1", port=chat.port,
                              max_size=1 << 24, open_timeout=PATIENCE, **options)


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, PATIENCE))


def test_text_binary_and_large_messages_come_back(chat):
    async def talk():
        async with connect(chat) as socket:
            for message in ("hello", "\u00e4\u20ac\U0001f6aa", "", b"", b"\0\xff" * 1000, os.urandom(LARGE), "x" * LARGE):
                await socket.send(message)
                assert await socket.recv() == message
    run(talk())


def test_subprotocol_is_agreed_on_through_the_tunnel(chat):
    async def talk():
        async with connect(chat, subprotocols=["superchat"]) as socket:
            assert socket.subprotocol == "superchat"
    run(talk())


def test_pings_both_ways(chat):
    async def talk():
        async with connect(chat) as socket:
            await (await socket.ping())
            await socket.send("ping")
            assert await socket.recv() == "ponged"
    run(talk())


def test_close_codes_both_ways(chat):
    async def talk():
        async with connect(chat, "/leaves") as socket:
            await socket.close(4000, "bye")
        async with connect(chat) as socket:
            await socket.send("close")
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()
            assert (socket.close_code, socket.close_reason) == (4321, "as you wish")
    run(talk())
    with chat.server.noted:
        assert chat.server.noted.wait_for(lambda: chat.server.ended.get("/leaves") == 4000, PATIENCE)


def test_server_that_drops_the_connection(chat):
    async def talk():
        async with connect(chat) as socket:
            await socket.send("drop")
            with contextlib.suppress(websockets.ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 1006
    run(talk())


def test_client_that_drops_the_connection(chat):
    async def talk():
        socket = await connect(chat, "/dropped")
        await socket.send("x")
        await socket.recv()
        socket.transport.abort()
    run(talk())
    with chat.server.noted:
        assert chat.server.noted.wait_for(lambda: chat.server.ended.get("/dropped") == 1006, PATIENCE)


def test_fifty_at_once(chat):
    async def one(n):
        async with connect(chat) as socket:
            for turn in range(20):
                await socket.send(f"{n}:{turn}")
                assert await socket.recv() == f"{n}:{turn}"

    async def all_of_them():
        await asyncio.gather(*(one(n) for n in range(50)))
    run(all_of_them())


def test_service_that_declines_to_upgrade(chat):
    chat.service.paths["/no"] = lambda wire, head: wire.answer("not here", status="426 Upgrade Required",
                                                               headers=[("Upgrade", "websocket")])
    with chat.visitor() as visitor:
        for _ in range(2):
            visitor.request(target="/no", host="plain.localhost",
                            headers=[("Connection", "Upgrade"), ("Upgrade", "websocket")])
            head, body = visitor.response()
            assert (head.status, body) == (426, b"not here")


def test_any_protocol_may_be_switched_to_with_early_bytes_and_half_close(chat):
    @chat.service.on("/own")
    def own(wire, head):
        assert (head.get("Upgrade"), head.get("Connection").lower()) == ("own/1", "upgrade")
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: own/1\r\nConnection: Upgrade\r\n\r\nearly")
        got = wire.rest()
        wire.send(b"<" + got + b">")
        return False

    with chat.visitor() as visitor:
        visitor.request(target="/own", host="plain.localhost", headers=[("Connection", "Upgrade"), ("Upgrade", "own/1")])
        head = visitor.head()
        assert (head.status, head.get("Upgrade"), head.get("Connection").lower()) == (101, "own/1", "upgrade")
        assert visitor.exactly(5) == b"early"
        visitor.send(b"question")
        visitor.finish_writing()
        assert visitor.rest() == b"<question>"


def test_bytes_sent_with_the_upgrade_request_are_kept(chat):
    @chat.service.on("/eager")
    def eager(wire, head):
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: own/1\r\nConnection: Upgrade\r\n\r\n")
        wire.send(wire.exactly(5))
        return False

    with chat.visitor() as visitor:
        visitor.send("GET /eager HTTP/1.1\r\nHost: plain.localhost\r\nConnection: Upgrade\r\nUpgrade: own/1\r\n\r\nhasty")
        assert visitor.head().status == 101
        assert visitor.rest() == b"hasty"


def test_over_a_link_that_is_a_websocket_itself(stage, chat):
    agent = stage.agent(chat.relay, {"web": {"http": chat.server.port, "name": "nested"}},
                        settings={"relay": f"wss://127.0.0.1:{chat.relay.ports.agents}"})
    assert agent.program.event("connected")["transport"] == "wss"

    async def talk():
        async with websockets.connect(f"ws://nested.localhost:{chat.port}/", host="127.0.0.1", port=chat.port,
                                      max_size=1 << 24, open_timeout=PATIENCE) as socket:
            message = os.urandom(LARGE)
            await socket.send(message)
            assert await socket.recv() == message
    run(talk())
