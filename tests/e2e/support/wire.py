"""HTTP/1.1 by hand, over a socket, from either end: a test sees and says every byte."""
import dataclasses
import socket
import struct

from .patience import PATIENCE

CRLF = b"\r\n"


@dataclasses.dataclass
class Head:
    first: str
    fields: list  # (name, value), as they came
    raw: bytes

    @property
    def status(self):
        return int(self.first.split(" ", 2)[1])

    @property
    def method(self):
        return self.first.split(" ")[0]

    @property
    def target(self):
        return self.first.split(" ")[1]

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name, default=None):
        return (self.all(name) or [default])[0]

    def has(self, name):
        return bool(self.all(name))


class Wire:
    def __init__(self, sock):
        self.sock, self.buffer, self.trailers = sock, b"", []
        sock.settimeout(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- out ---
    def send(self, *parts):
        self.sock.sendall(b"".join(p.encode() if isinstance(p, str) else p for p in parts))

    def request(self, method="GET", target="/", host="hello.localhost", headers=(), body=b"", version="1.1"):
        """A request with Content-Length, if it has a body."""
        lines = [f"{method} {target} HTTP/{version}"] + ([f"Host: {host}"] if host else [])
        lines += [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines), CRLF * 2, body)

    def answer(self, body=b"", status="200 OK", headers=()):
        body = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status}"] + [f"{name}: {value}" for name, value in headers]
        self.send("\r\n".join(lines), CRLF, b"Content-Length: %d\r\n\r\n" % len(body), body)

    def chunk(self, data, extension=""):
        self.send(b"%x" % len(data), extension, CRLF, data, CRLF)

    def last_chunk(self, trailers=()):
        self.send("0\r\n", *(f"{name}: {value}\r\n" for name, value in trailers), CRLF)

    # --- in ---
    def _more(self):
        data = self.sock.recv(1 << 18)
        if not data:
            raise EOFError("the connection ended; left over: %r" % self.buffer[:200])
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self._more()
        got, self.buffer = self.buffer.split(mark, 1)
        return got

    def exactly(self, n):
        got, self.buffer = self.buffer[:n], self.buffer[n:]
        parts, left = [got], n - len(got)
        while left:
            data = self.sock.recv(min(left, 1 << 18))
            if not data:
                raise EOFError("the connection ended, %d bytes short" % left)
            parts.append(data)
            left -= len(data)
        return b"".join(parts)

    def some(self):
        """What is there, at least one byte; b"" at the end."""
        if not self.buffer:
            return self.sock.recv(1 << 18)
        got, self.buffer = self.buffer, b""
        return got

    def head(self):
        raw = self.until(CRLF * 2)
        first, *lines = raw.decode("latin-1").split("\r\n")
        fields = [(line.split(":", 1)[0], line.split(":", 1)[1].strip()) for line in lines]
        return Head(first, fields, raw + CRLF * 2)

    def next_chunk(self):
        """b"" after the last one; its trailers stand in `trailers` then."""
        size = int(self.until(CRLF).split(b";")[0], 16)
        if size == 0:
            self.trailers = []
            while line := self.until(CRLF):
                name, value = line.decode("latin-1").split(":", 1)
                self.trailers.append((name, value.strip()))
            return b""
        data = self.exactly(size)
        assert self.exactly(2) == CRLF
        return data

    def body(self, head, to_head_request=False):
        if to_head_request or (head.first.startswith("HTTP/") and (head.status in (204, 304) or head.status < 200)):
            return b""
        if head.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self.next_chunk, b""))
        if head.has("Content-Length"):
            return self.exactly(int(head.get("Content-Length")))
        return self.rest() if head.first.startswith("HTTP/") else b""

    def response(self, to_head_request=False):
        """The next final answer: (head, body)."""
        head = self.head()
        while 100 <= head.status < 200 and head.status != 101:
            head = self.head()
        return head, self.body(head, to_head_request)

    def rest(self):
        data, self.buffer = self.buffer, b""
        while piece := self.sock.recv(1 << 18):
            data += piece
        return data

    # --- ends ---
    def ending(self):
        """Reads what comes and says how it ended: "end" or "reset"."""
        try:
            self.rest()
        except ConnectionError:
            return "reset"
        return "end"

    def finish_writing(self):
        self.sock.shutdown(socket.SHUT_WR)

    def abort(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()


def dial(port, host="127.0.0.1"):
    return Wire(socket.create_connection((host, port), PATIENCE))
