"""Pebble, an ACME server for tests, with its DNS server, and a front that counts and interferes."""
import collections
import http.client
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import threading
import urllib.request

from .authority import Authority
from .patience import PATIENCE, until
from .ports import free_port

KEY_ID = "kid-1"
MAC_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"


class Dns:
    """pebble-challtestsrv: every name is 127.0.0.1; TXT records by its management port."""

    def __init__(self, folder):
        self.port, self.management = free_port(), free_port()
        self.log = open(folder / "dns.log", "wb")
        self.process = subprocess.Popen(
            ["pebble-challtestsrv", "-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", "",
             "-dns01", f"127.0.0.1:{self.port}", "-management", f"127.0.0.1:{self.management}"],
            stdout=self.log, stderr=self.log)
        self.address = f"127.0.0.1:{self.port}"

    def hook(self, file, before=""):
        """A program for dns.command: makes records here, after running `before`."""
        file.write_text(f"""#!/bin/sh
{before}
case $1 in
present) curl -sf --noproxy '*' -d "{{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}}" http://127.0.0.1:{self.management}/set-txt ;;
cleanup) curl -sf --noproxy '*' -d "{{\\"host\\":\\"$2\\"}}" http://127.0.0.1:{self.management}/clear-txt ;;
esac
""")
        file.chmod(0o700)
        return str(file)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class Pebble:
    """Looks at names on the given relay's ports. `directory` is its URL, `ca` what its HTTPS is checked with."""

    def __init__(self, folder, relay, dns, **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(self.folder / "web")
        certificate, key = self.authority.issue("localhost")
        self.ca = str(self.authority.file)
        self.port, self.management = free_port(), free_port()
        self.directory = f"https://localhost:{self.port}/dir"
        (self.folder / "pebble.json").write_text(json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management}",
            "certificate": certificate, "privateKey": key, "ocspResponderURL": "",
            "httpPort": relay.ports.http, "tlsPort": relay.ports.https,
            "externalAccountMACKeys": {KEY_ID: MAC_KEY}} | options}))
        self.dns, self.process = dns, None

    def start(self):
        self.log = open(self.folder / "pebble.log", "ab")
        env = os.environ | {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "15"}
        self.process = subprocess.Popen(
            ["pebble", "-config", str(self.folder / "pebble.json"), "-dnsserver", self.dns.address],
            stdout=self.log, stderr=self.log, env=env)
        until(self._answers, "pebble")
        return self

    def _answers(self):
        try:
            self.get("/roots/0")
            connection = http.client.HTTPSConnection("localhost", self.port, context=self.authority.client())
            connection.request("GET", "/dir")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def get(self, path):
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.authority.client()))
        return opener.open(f"https://localhost:{self.management}{path}", timeout=PATIENCE).read()

    def root(self):
        """Writes the certificate that issued ones lead to; its path. Another after each start."""
        file = self.folder / "root.pem"
        file.write_bytes(self.get("/roots/0"))
        return file

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.log.close()
            self.process = None


class Front:
    """An HTTPS server in front of a Pebble. `counts` has the requests by first word of their path; interfere(path)
    may give (status, headers, body) to be answered instead."""

    def __init__(self, pebble):
        self.counts = collections.Counter()
        self.interfere = lambda path: None
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                front.counts[self.path.split("/")[1]] += 1
                answer = front.interfere(self.path)
                if not answer:
                    behind = http.client.HTTPSConnection("localhost", pebble.port,
                                                         context=pebble.authority.client())
                    headers = {k: v for k, v in self.headers.items() if k.lower() in ("host", "content-type", "user-agent")}
                    behind.request(self.command, self.path, body or None, headers)
                    got = behind.getresponse()
                    answer = got.status, dict(got.getheaders()), got.read()
                    behind.close()
                status, headers, text = answer
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_POST = do_HEAD = do_any

        certificate, key = pebble.authority.issue("localhost", label="front")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.directory = f"https://localhost:{self.server.server_port}/dir"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
