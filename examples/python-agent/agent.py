#!/usr/bin/env python3
"""A Sallyport agent in one file, standard library only: what docs/protocol.md says, and no more."""
import argparse, asyncio, base64, hashlib, json, os, random, socket, ssl, struct, sys

DATA, WINDOW, PING, GOAWAY, SYN, ACK, FIN, RST = 0, 1, 2, 3, 1, 2, 4, 8  # yamux: types, then flags
INITIAL_WINDOW, CONTROL, ABORT = 256 * 1024, 1, struct.pack("ii", 1, 0)  # linger 0: close by reset


class Stream:
    def __init__(self, link, sid):
        self.link, self.sid, self.reset, self.taken = link, sid, False, 0
        self.send_window = self.receive_window = INITIAL_WINDOW  # the second bounds `incoming`
        self.incoming, self.changed = asyncio.StreamReader(), asyncio.Event()

    async def read(self, n=65536, exactly=False):
        data = await (self.incoming.readexactly(n) if exactly else self.incoming.read(n))
        self.taken += len(data)
        if self.taken >= INITIAL_WINDOW // 2:  # give the window back for what has been taken
            self.link.send(WINDOW, 0, self.sid, self.taken)
            self.receive_window, self.taken = self.receive_window + self.taken, 0
        return data

    async def write(self, data):
        while data:
            while not self.send_window and not self.reset:
                self.changed.clear()
                await self.changed.wait()
            piece = data[:min(self.send_window, 65536)]
            self.send_window, data = self.send_window - len(piece), data[len(piece):]
            self.finish(0, DATA, piece)
            await self.link.writer.drain()

    def finish(self, flags, kind=WINDOW, data=b""):
        if self.reset:
            raise ConnectionResetError("the relay reset the stream")
        self.link.send(kind, flags, self.sid, len(data), data)

    def receive(self, flags, used, granted):
        self.receive_window, self.send_window = self.receive_window - used, self.send_window + granted
        if flags & RST:
            self.reset = True
            self.incoming.set_exception(ConnectionResetError("the relay reset the stream"))
        elif flags & FIN:
            self.incoming.feed_eof()
        self.changed.set()


class Link:
    def __init__(self, reader, writer, requests):
        self.reader, self.writer, self.requests = reader, writer, requests  # ref -> (request, port)
        self.ports, self.streams = {}, {CONTROL: Stream(self, CONTROL)}

    def send(self, kind, flags, sid, length, body=b""):
        self.writer.write(struct.pack(">BBHII", 0, kind, flags, sid, length) + body)

    async def read_frames(self):
        while True:  # the relay pings every 10 s, so silence means that the link is dead
            head = await asyncio.wait_for(self.reader.readexactly(12), 25)
            version, kind, flags, sid, length = struct.unpack(">BBHII", head)
            if version != 0 or kind > GOAWAY or (kind == GOAWAY and length != 0):
                raise ConnectionError("the relay ended the link")
            if kind == PING:  # a question: we ask none, so no answer ever comes
                self.send(PING, ACK, 0, length)
            if kind >= PING:  # after a good-bye the standing streams go on
                continue
            if flags & SYN:
                self.streams[sid] = Stream(self, sid)
                self.send(WINDOW, ACK, sid, 0)
                self.tasks.create_task(self.serve(self.streams[sid]))
            stream = self.streams.get(sid) or Stream(self, sid)  # closed here, and frames still come
            if kind == DATA and length > stream.receive_window:
                raise ConnectionError("the relay sent more than the window allows")
            if kind == DATA:
                stream.incoming.feed_data(await asyncio.wait_for(self.reader.readexactly(length), 25))
            stream.receive(flags, *(length, 0) if kind == DATA else (0, length))

    async def tell(self, kind, **fields):
        text = json.dumps({"type": kind, **fields}).encode()
        await self.streams[CONTROL].write(struct.pack(">I", len(text)) + text)

    async def control(self, token):
        stream, agent = self.streams[CONTROL], {"id": socket.gethostname(), "name": socket.gethostname()}
        auth = {"scheme": "token" if token.startswith("spt_") else "jwt", "token": token}
        self.send(WINDOW, SYN, CONTROL, 0)
        await self.tell("hello", protocol=1, agent=agent, auth=auth, tunnels=[wanted for wanted, _ in self.requests.values()])
        while True:
            size = int.from_bytes(await stream.read(4, exactly=True), "big")
            await self.message(json.loads(await stream.read(size, exactly=True)))

    async def message(self, m):
        kind = m["type"]
        if kind in ("welcome", "tunnel.opened"):
            for grant in m["tunnels"] if kind == "welcome" else [m["tunnel"]]:
                self.ports[grant["id"]] = port = self.requests[grant["ref"]][1]
                print(*grant["urls"], "-> 127.0.0.1:%d" % port, flush=True)
        for refused in [m] if kind == "tunnel.refused" else m.get("refused", []):
            print("%s: %s" % (refused["ref"], refused["message"]), file=sys.stderr)
        if kind == "refuse":
            raise (ConnectionError if m["retry"] else SystemExit)("refused: " + m["message"])
        if kind not in ("welcome", "tunnel.opened", "tunnel.refused", "notice", "drain", "unsupported"):
            await self.tell("unsupported", of=kind)

    async def serve(self, stream):
        writer = None
        async def to_upstream(data):
            writer.write(data)
            await writer.drain()
        try:
            reader, writer = await self.connect(stream, self.ports[await tunnel_id(stream)])
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(pump(stream.read, to_upstream, writer.write_eof))
                pumps.create_task(pump(reader.read, stream.write, lambda: stream.finish(FIN)))
            writer.close()
        except* (OSError, EOFError, LookupError, struct.error):
            if writer and not writer.is_closing():  # whatever broke on one side is an abort on the other
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
                writer.transport.abort()
            self.send(WINDOW, RST, stream.sid, 0)
        del self.streams[stream.sid]

    async def connect(self, stream, port):
        try:
            return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 10)
        except OSError as error:
            code = "upstream_timeout" if isinstance(error, TimeoutError) else "upstream_refused"
            await self.tell("stream.failed", stream=stream.sid, code=code, message=str(error))
            while await stream.read():  # until the relay resets the stream: that is its part
                pass
            raise


async def pump(read, write, end):
    while data := await read(65536):
        await write(data)
    end()


async def tunnel_id(stream):  # out of the PROXY header, version 2
    signature, version, family, size = struct.unpack(">12sBBH", await stream.read(16, exactly=True))
    rest, at = await stream.read(size, exactly=True), {1: 12, 2: 36}.get(family >> 4, 0)
    while signature == b"\r\n\r\n\0\r\nQUIT\n" and at < size:
        kind, length = struct.unpack_from(">BH", rest, at)
        if kind == 0xE0:
            return struct.unpack_from(">I", rest, at + 3)[0]
        at += 3 + length


def spki_pin(der):  # SHA-256 over the SubjectPublicKeyInfo of a certificate
    def element(at):  # where its content begins, and where it ends
        size, start = der[at + 1], at + 2
        if size & 0x80:
            start, size = start + (size & 0x7F), int.from_bytes(der[start:start + (size & 0x7F)], "big")
        return start, start + size
    at = element(element(0)[0])[0]  # into Certificate, into TBSCertificate
    for _ in range(6 if der[at] == 0xA0 else 5):  # [version], serial ... subject
        at = element(at)[1]
    digest = base64.urlsafe_b64encode(hashlib.sha256(der[at:element(at)[1]]).digest())
    return "sha256:" + digest.decode().rstrip("=")


async def dial(options):
    host, _, port = options.relay.partition(":")
    context = ssl.create_default_context()
    context.set_alpn_protocols(["sallyport/1"])
    if options.pin:  # takes the place of the CAs, and is checked before a byte is sent
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    secure = None if options.plaintext else context
    reader, writer = await asyncio.open_connection(host, int(port or 7000), ssl=secure)
    if options.pin and spki_pin(writer.get_extra_info("ssl_object").getpeercert(True)) != options.pin:
        sys.exit("the relay's key is not the pinned one")
    return reader, writer


def tunnel(text):
    kind, port, *rest = text.split(":")
    wanted = {"name": value for value in rest} if kind == "http" else {"remote_port": int(p) for p in rest}
    return {"ref": text, "kind": kind, **wanted}, int(port)


async def main():
    parser = argparse.ArgumentParser(epilog="The token comes from SALLYPORT_TOKEN or standard input.")
    parser.add_argument("relay", metavar="HOST[:PORT]")
    parser.add_argument("tunnels", nargs="+", metavar="http:PORT[:NAME]|tcp:PORT[:REMOTE_PORT]")
    parser.add_argument("--pin", help="the relay's key, sha256:..., instead of the system's CAs")
    parser.add_argument("--plaintext", action="store_true", help="no TLS: for a relay on this machine")
    options = parser.parse_args()
    token = os.environ.get("SALLYPORT_TOKEN") or sys.stdin.readline().strip()
    while True:
        try:
            link = Link(*await asyncio.wait_for(dial(options), 15), {t: tunnel(t) for t in options.tunnels})
            async with asyncio.TaskGroup() as link.tasks:
                link.tasks.create_task(link.read_frames())
                link.tasks.create_task(link.control(token))
        except* (OSError, EOFError, ValueError) as errors:
            print("link lost:", errors.exceptions[0], file=sys.stderr)
        await asyncio.sleep(random.uniform(1, 3))


asyncio.run(main())
