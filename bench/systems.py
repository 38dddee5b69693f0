"""What is compared: ways from a visitor to the same two upstreams.

Each system offers an HTTP port (nginx behind it) and a TCP port (sallyport-bulk serve behind it) and names
its tunnel's processes, whose processor time and memory count. Several instances can run side by side: each
takes ten ports from its base.
"""
import http.client
import os
import pathlib
import socket
import subprocess
import time

from processes import Failure, Load, Process

START_TIMEOUT = 20
BODY = b"0123456789"


class Upstreams:
    """nginx with one worker and a body of ten bytes; the bulk source, sink and echo."""

    http_port = 1080
    tcp_port = 1081

    def __init__(self, bulk, folder):
        config = folder / "nginx.conf"
        config.write_text(f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
worker_rlimit_nofile 100000;
events {{ worker_connections 50000; }}
http {{
    access_log off; keepalive_timeout 600s; keepalive_requests 1000000000; tcp_nodelay on;
    client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-f; uwsgi_temp_path {folder}/nginx-u; scgi_temp_path {folder}/nginx-s;
    server {{ listen 127.0.0.1:{self.http_port} backlog=4096; location / {{ return 200 "{BODY.decode()}"; }} }}
}}
""")
        self.nginx = Process("nginx", ["nginx", "-e", folder / "nginx-error.log", "-c", config], folder)
        self.server = Load(bulk, "serve", self.tcp_port)
        self.server.ready()


class System:
    """start() returns when both ports answer through to the upstreams."""

    name = ""
    title = ""
    host = "localhost"

    def __init__(self, tools, base):
        self.tools = tools
        self.base = base
        self.http_port = base
        self.tcp_port = base + 1
        self.processes = []  # the tunnel's own, relay side first
        self.helpers = []
        self.folder = tools.folder / f"{self.name}-{base}"

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.launch()
            self.wait_until_served()
        except BaseException:
            self.stop()
            raise
        return self

    def launch(self):
        raise NotImplementedError

    def stop(self):
        for process in self.processes + self.helpers:
            process.kill()
        self.processes, self.helpers = [], []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def cpu_ns(self):
        return sum(process.cpu_ns() for process in self.processes)

    def wait_until_served(self):
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            try:
                self.check_http()
                self.check_tcp()
                return
            except (OSError, http.client.HTTPException, Failure) as error:
                ended = [process for process in self.processes if not process.alive]
                if ended or time.monotonic() > deadline:
                    logs = "\n".join(process.tail() for process in ended or self.processes)
                    raise Failure(f"{self.name} does not serve: {error}\n{logs}") from None
                time.sleep(0.05)

    def check_http(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": self.host})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200 or body != BODY:
            raise Failure(f"the HTTP port answers {answer.status} {body[:80]!r}")

    def check_tcp(self):
        with socket.create_connection(("127.0.0.1", self.tcp_port), timeout=5) as connection:
            connection.sendall(b"E?")
            if connection.recv(1) != b"?":
                raise Failure("the TCP port does not echo")


class Direct(System):
    """No tunnel: what the machine, the upstreams and the load programs can do at most. With a `wire`, its
    TCP port lies behind a long link: the figure that "plain TCP reaches"."""

    name = "direct"
    title = "direct"

    def __init__(self, tools, base, wire=None):
        super().__init__(tools, base)
        self.wire = wire
        self.http_port = Upstreams.http_port
        self.tcp_port = base + 1 if wire else Upstreams.tcp_port

    def launch(self):
        if self.wire:
            self.helpers.append(long_wire(self.tools, self.base + 1, Upstreams.tcp_port, self.wire))


class Haproxy(System):
    """Two chained haproxies in TCP mode, one thread each, as relay and agent are two programs."""

    name = "haproxy"
    title = "haproxy -> haproxy"

    def launch(self):
        inner_http, inner_tcp = self.base + 2, self.base + 3
        self.hop("outer", {self.http_port: inner_http, self.tcp_port: inner_tcp})
        self.hop("inner", {inner_http: Upstreams.http_port, inner_tcp: Upstreams.tcp_port})

    def hop(self, name, forwards):
        sections = "".join(f"""
listen port{source}
    bind 127.0.0.1:{source} backlog 4096
    server next 127.0.0.1:{target}
""" for source, target in forwards.items())
        config = self.folder / f"{name}.cfg"
        most = min(40_000, (self.tools.descriptors - 1000) // 2)  # it refuses to start with more
        config.write_text(f"""
global
    nbthread 1
    maxconn {most}
defaults
    mode tcp
    maxconn {most}
    timeout connect 5s
    timeout client 600s
    timeout server 600s
{sections}""")
        self.processes.append(Process(f"haproxy-{name}", ["haproxy", "-db", "-f", config], self.folder))


class Sallyport(System):
    """Relay (one worker) and agent: an http tunnel to nginx and a tcp tunnel to the bulk server over one link.
    With a `wire`, the link is a long one."""

    host = "hello.localhost"
    scheme = ""

    def __init__(self, tools, base, wire=None):
        super().__init__(tools, base)
        self.wire = wire
        self.agents_port, self.admin_port = base + 2, base + 3
        self.link_port = base + 4 if wire else self.agents_port

    @property
    def relay(self):
        return self.processes[0]

    @property
    def agent(self):
        return self.processes[1]

    def launch(self):
        for program in ("sallyport-relay", "sallyport"):
            if not (self.tools.bin / program).exists():
                raise Failure(f"{self.tools.bin / program} is not built")
        self.write_configs()
        self.token = self.relay_command("token", "add", "bench")
        self.processes.append(Process("relay", [self.tools.bin / "sallyport-relay", "serve", "--config",
                                                self.folder / "relay.yaml"], self.folder))
        wait_for_port(self.agents_port, self.relay)
        if self.wire:
            self.helpers.append(long_wire(self.tools, self.link_port, self.agents_port, self.wire))
        self.write_agent_config(self.relay_command("pin"))
        self.processes.append(self.start_agent())

    def start_agent(self):
        home = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "config"),
                "XDG_STATE_HOME": str(self.folder / "state"), "XDG_RUNTIME_DIR": str(self.folder)}
        return Process("agent", [self.tools.bin / "sallyport", "up", "--config", self.folder / "agent.yaml"],
                       self.folder, env={**os.environ, **home, "SALLYPORT_TOKEN": self.token})

    def restart_agent(self, pause):
        self.agent.kill()
        time.sleep(pause)
        self.processes[1] = self.start_agent()

    def relay_command(self, *words):
        command = [str(self.tools.bin / "sallyport-relay"), *words, "--config", str(self.folder / "relay.yaml")]
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
        if result.returncode != 0:
            raise Failure(f"sallyport-relay {' '.join(words)}: {result.stderr.strip()}")
        return result.stdout.strip()

    def write_configs(self):
        self.https_port = self.base + 5
        chain, key = certificate(self.tools.folder)
        (self.folder / "relay.yaml").write_text(f"""
domain: localhost
tls: {{mode: files, certificates: {{bench: {{certificate: {chain}, key: {key}}}}}, default_certificate: bench}}
listen:
  http: "127.0.0.1:{self.http_port}"
  https: "127.0.0.1:{self.https_port}"
  agents: "127.0.0.1:{self.agents_port}"
  admin: "127.0.0.1:{self.admin_port}"
state_dir: {self.folder}/state
auth:
  tokens_file: {self.folder}/tokens.yaml
tcp_ports: "1000-9999"
workers: 1
log: {{level: warning}}
limits: {{links: 20000, links_per_tenant: 20000}}
""")

    def write_agent_config(self, pin):
        (self.folder / "agent.yaml").write_text(f"""
relay: "{self.scheme}://127.0.0.1:{self.link_port}"
pin: "{pin}"
tunnels:
  web: {{http: {Upstreams.http_port}, name: hello}}
  bulk: {{tcp: {Upstreams.tcp_port}, remote_port: {self.tcp_port}}}
""")


def certificate(folder):
    """One ECDSA P-256 pair for all who end TLS."""
    key, chain = folder / "tls.key", folder / "tls.pem"
    if not chain.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", chain, "-days", "30", "-subj", "/CN=bench", "-addext",
                        "subjectAltName=DNS:*.localhost,DNS:localhost"], check=True, capture_output=True, timeout=20)
    return chain, key


class Nginx(System):
    """Ends TLS with the same pair as the relay, in one process: for handshakes alone."""

    name = "nginx"
    title = "nginx"

    def launch(self):
        self.https_port = self.base + 5
        chain, key = certificate(self.tools.folder)
        config = self.folder / "nginx.conf"
        config.write_text(f"""
daemon off; master_process off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;
events {{ worker_connections 10000; }}
http {{
    access_log off; ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519:prime256v1;
    ssl_certificate {chain}; ssl_certificate_key {key};
    client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;
    fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
    server {{ listen 127.0.0.1:{self.https_port} ssl backlog=4096; location / {{ return 200 "x"; }} }}
}}
""")
        self.processes.append(Process("nginx-tls", ["nginx", "-e", self.folder / "error.log", "-c", config], self.folder))

    def wait_until_served(self):
        wait_for_port(self.https_port, self.processes[0])


class PlainLink(Sallyport):
    name = "plain"
    title = "sallyport, plaintext link"
    scheme = "tcp"


class TlsLink(Sallyport):
    name = "tls"
    title = "sallyport, TLS link"
    scheme = "tls"


class Uncaptured(Sallyport):
    """The agent as a program of the desktop runs it, without capture: what the next one is compared with."""

    name = "uncaptured"
    title = "sallyport, TLS link, agent without capture"
    scheme = "tls"
    capture = False

    def start_agent(self):
        command = [self.tools.bin / "sallyport-capture-agent", "--config", self.folder / "agent.yaml"]
        if self.capture:
            command += ["--capture", self.folder / "history"]
        return Process("agent", command, self.folder, env={**os.environ, "SALLYPORT_TOKEN": self.token})


class Captured(Uncaptured):
    name = "captured"
    title = "sallyport, TLS link, agent that records requests"
    capture = True


ALL = (Direct, Haproxy, PlainLink, TlsLink, Nginx, Uncaptured, Captured)


class Tools:
    """Where things are, and how many descriptors a process may have."""

    def __init__(self, root, build, folder, descriptors):
        self.root = pathlib.Path(root)
        self.bin = pathlib.Path(build) / "bin"
        self.bulk = self.bin / "sallyport-bulk"
        self.folder = pathlib.Path(folder)
        self.descriptors = descriptors


def long_wire(tools, port, target, wire):
    process = Load(tools.bulk, "delay", port, to=target, ms=wire["one_way_ms"], mbit=wire["mbit"])
    process.ready()
    return process


def wait_for_port(port, process):
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if not process.alive or time.monotonic() > deadline:
                raise Failure(f"{process.name} does not listen on port {port}\n{process.tail()}") from None
            time.sleep(0.05)
