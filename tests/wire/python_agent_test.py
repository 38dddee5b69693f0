"""Runs examples/python-agent/agent.py against a relay of a few lines: `python_agent_test.py AGENT`.

The relay here is no example: it speaks just enough yamux to ask the agent hard questions. The agent runs
against the real relay in tests/e2e.
"""
import json, os, pathlib, socket, ssl, struct, subprocess, sys, tempfile, threading, unittest

AGENT = sys.argv.pop(1)
DATA, WINDOW, PING, GOAWAY = range(4)
SYN, ACK, FIN, RST = 1, 2, 4, 8
INITIAL_WINDOW = 256 * 1024


def proxy_header(tunnel_id):
    body = bytes([127, 0, 0, 1, 127, 0, 0, 1]) + struct.pack(">HH", 50000, 80)
    body += struct.pack(">BH", 0x02, 4) + b"host" + struct.pack(">BHI", 0xE0, 4, tunnel_id)
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH", 0x21, 0x11, len(body)) + body


class Relay:
    """One accepted link. Everything is read in the test's own thread."""

    def __init__(self, listener, context=None):
        listener.settimeout(20)
        connection, _ = listener.accept()
        connection.settimeout(20)
        self.socket = context.wrap_socket(connection, server_side=True) if context else connection
        self.received, self.windows, self.flags, self.next = {}, {}, {}, 2
        self.control_read = 0

    def send(self, kind, flags, sid, length, body=b""):
        self.socket.sendall(struct.pack(">BBHII", 0, kind, flags, sid, length) + body)

    def exactly(self, n):
        data = b""
        while len(data) < n:
            piece = self.socket.recv(n - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def step(self):
        """Reads one frame."""
        version, kind, flags, sid, length = struct.unpack(">BBHII", self.exactly(12))
        assert version == 0 and kind <= GOAWAY, (version, kind)
        if kind == PING:
            return kind, flags, length
        if kind == DATA:
            self.received[sid] = self.received.get(sid, b"") + self.exactly(length)
            if length:
                self.send(WINDOW, 0, sid, length)
        elif kind == WINDOW:
            self.windows[sid] = self.windows.get(sid, INITIAL_WINDOW) + length
        self.flags[sid] = self.flags.get(sid, 0) | flags
        return kind, flags, length

    def until(self, done):
        while not done():
            self.step()

    def message(self):
        text = lambda: self.received.get(1, b"")[self.control_read:]
        self.until(lambda: len(text()) >= 4)
        size, = struct.unpack(">I", text()[:4])
        self.until(lambda: len(text()) >= 4 + size)
        body = text()[4:4 + size]
        self.control_read += 4 + size
        return json.loads(body)

    def tell(self, kind, **fields):
        text = json.dumps({"type": kind, **fields}).encode()
        self.send(DATA, 0, 1, 4 + len(text), struct.pack(">I", len(text)) + text)

    def welcome(self):
        """Greets the agent and grants every tunnel, with ids from 7 on."""
        hello = self.message()
        self.send(WINDOW, ACK, 1, 0)
        self.tell("welcome", session="s", later={"unknown": [1]}, tunnels=[
            {"ref": t["ref"], "id": 7 + i, "urls": ["https://t%d.example.com" % i]}
            for i, t in enumerate(hello["tunnels"])])
        return hello

    def open(self, tunnel_id=7, payload=b""):
        sid, self.next = self.next, self.next + 2
        data = proxy_header(tunnel_id) + payload
        self.windows[sid] = INITIAL_WINDOW - len(data)
        self.send(DATA, SYN, sid, len(data), data)
        return sid

    def write(self, sid, data):
        while data:
            self.until(lambda: self.windows[sid] > 0)
            n = min(len(data), self.windows[sid], 60000)
            self.windows[sid] -= n
            self.send(DATA, 0, sid, n, data[:n])
            data = data[n:]


def listen():
    return socket.create_server(("127.0.0.1", 0))


class Upstream(threading.Thread):
    """Answers each connection by `behave(socket)`."""

    def __init__(self, behave):
        super().__init__(daemon=True)
        self.listener, self.behave = listen(), behave
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.behave, args=(connection,), daemon=True).start()


def echo_until_end(connection):
    """Reads to the end, then sends all of it back: works with a half-close alone."""
    data = b"".join(iter(lambda: connection.recv(65536), b""))
    connection.sendall(data)
    connection.close()


class PythonAgent(unittest.TestCase):
    def run_agent(self, *tunnels, listener=None, flags=("--plaintext",), token="spt_test"):
        self.listener = listener or listen()
        self.agent = subprocess.Popen(
            [sys.executable, AGENT, "127.0.0.1:%d" % self.listener.getsockname()[1], *tunnels, *flags],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={k: v for k, v in os.environ.items() if k != "SALLYPORT_TOKEN"})
        self.addCleanup(self.stop)
        self.agent.stdin.write(token + "\n")
        self.agent.stdin.flush()

    def stop(self):
        self.agent.kill()
        self.agent.communicate()
        self.listener.close()

    def start(self, behave, *more):
        self.upstream = Upstream(behave)
        self.run_agent("http:%d:api" % self.upstream.port, *more)
        relay = Relay(self.listener)
        self.hello = relay.welcome()
        self.addCleanup(relay.socket.close)
        return relay

    def test_says_hello_and_shows_the_url(self):
        self.start(echo_until_end, "tcp:22:2222")
        self.assertEqual(self.hello["protocol"], 1)
        self.assertEqual(self.hello["auth"], {"scheme": "token", "token": "spt_test"})
        self.assertEqual([(t["kind"], t.get("name"), t.get("remote_port")) for t in self.hello["tunnels"]],
                         [("http", "api", None), ("tcp", None, 2222)])
        self.assertIn("https://t0.example.com", self.agent.stdout.readline())

    def test_bytes_go_both_ways_with_a_half_close(self):
        relay = self.start(echo_until_end)
        data = os.urandom(3 * 1024 * 1024)  # many windows each way
        sid = relay.open()
        relay.write(sid, data)
        relay.send(WINDOW, FIN, sid, 0)
        relay.until(lambda: relay.flags.get(sid, 0) & FIN)
        self.assertTrue(relay.flags[sid] & ACK)
        self.assertTrue(relay.received[sid] == data)

    def test_many_streams_at_once(self):
        relay = self.start(echo_until_end)
        sids = [relay.open(payload=b"stream %d" % i) for i in range(100)]
        for sid in sids:
            relay.send(WINDOW, FIN, sid, 0)
        relay.until(lambda: all(relay.flags.get(sid, 0) & FIN for sid in sids))
        self.assertEqual([relay.received[sid] for sid in sids], [b"stream %d" % i for i in range(100)])

    def test_a_stream_that_is_not_read_does_not_hold_the_others(self):
        stop = threading.Event()
        self.addCleanup(stop.set)

        def first_stalls(connection):
            if connection.recv(1) == b"!":
                stop.wait(60)
            else:
                connection.sendall(b"ok")
                connection.close()
        relay = self.start(first_stalls)
        stalled = relay.open(payload=b"!")
        while relay.windows[stalled] > 0:
            relay.write(stalled, bytes(min(relay.windows[stalled], 60000)))
        other = relay.open(payload=b"?")
        relay.until(lambda: relay.flags.get(other, 0) & FIN)
        self.assertEqual(relay.received[other], b"ok")

    def test_an_upstream_that_is_down_is_told(self):
        closed = listen()
        port = closed.getsockname()[1]
        closed.close()
        self.run_agent("http:%d" % port)
        relay = Relay(self.listener)
        relay.welcome()
        sid = relay.open(payload=b"GET / HTTP/1.1\r\n\r\n")
        failed = relay.message()
        self.assertEqual((failed["type"], failed["stream"], failed["code"]),
                         ("stream.failed", sid, "upstream_refused"))
        self.assertFalse(relay.flags.get(sid, 0) & RST)
        relay.send(WINDOW, RST, sid, 0)

    def test_an_abort_is_passed_on(self):
        aborted = threading.Event()

        def wait_for_abort(connection):
            try:
                while connection.recv(65536):
                    pass
            except ConnectionResetError:
                aborted.set()
        relay = self.start(wait_for_abort)
        sid = relay.open(payload=b"x")
        relay.until(lambda: relay.flags.get(sid, 0) & ACK)
        relay.send(WINDOW, RST, sid, 0)
        relay.open(payload=b"y")
        self.assertTrue(aborted.wait(20))

    def test_an_upstreams_abort_resets_the_stream(self):
        def abort(connection):
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        relay = self.start(abort)
        sid = relay.open(payload=b"x")
        relay.until(lambda: relay.flags.get(sid, 0) & RST)

    def test_a_tunnel_that_is_not_known_and_a_bad_header_cost_only_their_stream(self):
        relay = self.start(echo_until_end)
        unknown = relay.open(tunnel_id=99)
        bad = relay.next
        relay.next += 2
        relay.send(DATA, SYN, bad, 16, b"GET / HTTP/1.1\r\n")
        relay.send(WINDOW, FIN, bad, 0)
        relay.until(lambda: relay.flags.get(unknown, 0) & RST and relay.flags.get(bad, 0) & RST)
        good = relay.open(payload=b"still here")
        relay.send(WINDOW, FIN, good, 0)
        relay.until(lambda: relay.flags.get(good, 0) & FIN)
        self.assertEqual(relay.received[good], b"still here")

    def test_pings_are_answered(self):
        relay = self.start(echo_until_end)
        relay.send(PING, SYN, 0, 0xCAFE)
        while True:
            if relay.step() == (PING, ACK, 0xCAFE):
                break

    def test_after_a_good_bye_standing_streams_go_on(self):
        relay = self.start(echo_until_end)
        sid = relay.open(payload=b"before ")
        relay.tell("drain", deadline=30000)
        relay.send(GOAWAY, 0, 0, 0)
        relay.write(sid, b"and after")
        relay.send(WINDOW, FIN, sid, 0)
        relay.until(lambda: relay.flags.get(sid, 0) & FIN)
        self.assertEqual(relay.received[sid], b"before and after")

    def test_unknown_messages_are_answered(self):
        relay = self.start(echo_until_end)
        relay.tell("notice", level="info", message="hello")
        relay.tell("tunnel.paint", colour="red")
        self.assertEqual(relay.message(), {"type": "unsupported", "of": "tunnel.paint"})

    def test_a_refusal_for_good_ends_it(self):
        self.run_agent("http:3000")
        relay = Relay(self.listener)
        relay.message()
        relay.tell("refuse", code="bad_credentials", message="no such token", retry=False)
        self.assertNotEqual(self.agent.wait(20), 0)
        self.assertIn("no such token", self.agent.stderr.read())

    def test_it_comes_back_after_a_lost_link(self):
        relay = self.start(echo_until_end)
        relay.socket.close()
        again = Relay(self.listener)
        self.assertEqual(again.welcome()["tunnels"], self.hello["tunnels"])

    def test_tls_with_the_right_pin_and_no_other(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (str(pathlib.Path(folder, name)) for name in ("key.pem", "cert.pem"))
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
                            "-subj", "/CN=relay", "-days", "2"], check=True, capture_output=True)
            public = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"],
                                    check=True, capture_output=True).stdout
            der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public,
                                 check=True, capture_output=True).stdout
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            context.set_alpn_protocols(["sallyport/1"])
        import base64, hashlib
        pin = "sha256:" + base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")

        self.run_agent("http:3000", flags=("--pin", pin))
        relay = Relay(self.listener, context)
        self.assertEqual(relay.socket.selected_alpn_protocol(), "sallyport/1")
        self.assertEqual(relay.welcome()["auth"]["token"], "spt_test")
        relay.socket.close()
        self.stop()

        self.run_agent("http:3000", flags=("--pin", pin[:-2] + "AA"))
        with self.assertRaises((EOFError, OSError)):
            Relay(self.listener, context).message()
        self.assertIn("not the pinned one", self.agent.stderr.read())


unittest.main()
