"""HTTP/2 by hand: a visitor on python3-h2, and frames that no honest client sends."""
import socket

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from .patience import PATIENCE

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


class Answer:
    def __init__(self):
        self.status, self.headers, self.interim, self.body, self.trailers = None, {}, [], b"", {}
        self.ended, self.reset = False, None


class H2Visitor:
    """One connection with prior knowledge. Received data is acknowledged unless `hold` is set."""

    def __init__(self, port, host="127.0.0.1", settings=None, start=True, validate=True):
        self.sock = socket.create_connection((host, port), timeout=PATIENCE)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=True, header_encoding="utf-8", validate_outbound_headers=validate,
            normalize_outbound_headers=validate, validate_inbound_headers=True))
        self.answers, self.hold, self.goaway, self.ended = {}, False, None, False
        if settings:
            self.h2.update_settings(settings)
        if start:
            self.h2.initiate_connection()
            self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.sock.sendall(data)

    def raw(self, *frames):
        self.flush()
        self.sock.sendall(b"".join(frames))

    def request(self, method="GET", path="/", host="hello.localhost", headers=(), body=None, end=True):
        stream = self.h2.get_next_available_stream_id()
        fields = [(":method", method), (":scheme", "http"), (":authority", host), (":path", path), *headers]
        self.send_headers(stream, fields, end=end and body is None)
        if body is not None:
            self.send(stream, body, end=end)
        return stream

    def send_headers(self, stream, fields, end):
        self.answers[stream] = Answer()
        self.h2.send_headers(stream, fields, end_stream=end)
        self.flush()

    def send(self, stream, data, end=False):
        while True:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(data))
            if data and room == 0:
                self.step()
                if self.answers[stream].reset is not None:
                    return
                continue
            self.h2.send_data(stream, data[:room], end_stream=end and room == len(data))
            data = data[room:]
            self.flush()
            if not data:
                return

    def step(self):
        """Reads once and takes what came."""
        try:
            data = self.sock.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            self.ended = True
            raise EOFError("the relay closed the connection")
        for event in self.h2.receive_data(data):
            self.take(event)
        try:
            self.flush()
        except ConnectionError:
            pass

    def take(self, event):
        stream = getattr(event, "stream_id", None)
        answer = self.answers.get(stream, Answer())
        if isinstance(event, h2.events.ResponseReceived):
            answer.headers = dict(event.headers)
            answer.status = int(answer.headers[":status"])
        elif isinstance(event, h2.events.InformationalResponseReceived):
            answer.interim.append(dict(event.headers))
        elif isinstance(event, h2.events.DataReceived):
            answer.body += event.data
            if not self.hold:
                self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
        elif isinstance(event, h2.events.TrailersReceived):
            answer.trailers = dict(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            answer.ended = True
        elif isinstance(event, h2.events.StreamReset):
            answer.reset = int(event.error_code)
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.goaway = int(event.error_code)

    def until(self, happened):
        while not happened():
            self.step()

    def wait(self, stream):
        answer = self.answers[stream]
        self.until(lambda: answer.ended or answer.reset is not None)
        return answer

    def get(self, path="/", **options):
        return self.wait(self.request(path=path, **options))

    def ending(self):
        """Reads until the relay closes; the code of its GOAWAY."""
        try:
            while True:
                self.step()
        except (EOFError, h2.exceptions.ProtocolError):
            pass
        return self.goaway
