"""The two programs, as processes with their logs watched."""
import json
import os
import pathlib
import signal
import subprocess
import threading

from .patience import PATIENCE, Watched
from .ports import PortBlock
from .wire import dial

BIN = pathlib.Path(os.environ.get("SALLYPORT_BIN_DIR", "build/release/bin")).resolve()
RELAY, AGENT = str(BIN / "sallyport-relay"), str(BIN / "sallyport")

# What the tests' own surroundings must not change.
FOREIGN = ("SALLYPORT_", "XDG_", "DBUS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "JOURNAL_STREAM")


def environment(home, **more):
    env = {k: v for k, v in os.environ.items() if not k.upper().startswith(FOREIGN)}
    run = pathlib.Path(home) / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    env.update(HOME=str(home), XDG_CONFIG_HOME=f"{home}/config", XDG_RUNTIME_DIR=str(run),
               XDG_STATE_HOME=f"{home}/state", XDG_DATA_HOME=f"{home}/data")
    # For root, whose programs would keep it in /var/lib else.
    env.update(STATE_DIRECTORY=f"{home}/state/sallyport")
    env.update({k: str(v) for k, v in more.items()})
    return env


class Program:
    """One run of a program. `log` holds its lines of standard error: JSON ones as dicts."""

    def __init__(self, argv, env, cwd, log_file):
        self.argv, self.log = argv, Watched()
        self.stdout = Watched()
        self.file = open(log_file, "ab", buffering=0)
        self.process = subprocess.Popen(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.process.stderr, self.log), (self.process.stdout, self.stdout))]
        for reader in self.readers:
            reader.start()

    def _read(self, stream, into):
        for line in stream:
            self.file.write(line)
            text = line.decode(errors="replace").rstrip("\n")
            if text.startswith("{"):
                try:
                    text = json.loads(text)
                except ValueError:
                    pass
            into.append(text)

    @property
    def pid(self):
        return self.process.pid

    def running(self):
        return self.process.poll() is None

    def event(self, message, after=0, **fields):
        """Waits for the log line with this message (its beginning) and these fields."""
        def fits(line):
            return (isinstance(line, dict) and str(line.get("msg", line.get("message", ""))).startswith(message)
                    and all(line.get(key) == value for key, value in fields.items()))
        return self.log.wait(fits, after, self.running, f'"{message}" {fields} of {self.argv[0]}')

    def said(self, message):
        return any(isinstance(line, dict) and str(line.get("msg", line.get("message", ""))).startswith(message)
                   for line in self.log.all())

    def wait(self):
        code = self.process.wait(PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        return code

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        return self.wait()

    def terminate(self):
        self.process.terminate()
        return self.wait()


class Relay:
    """A relay with its own folder and ports. `options` are keys of relay.yaml."""

    def __init__(self, folder, options):
        self.folder, self.ports = pathlib.Path(folder), PortBlock()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.env = environment(self.folder / "home")
        tcp = self.ports.tcp
        self.config = {
            "domain": "localhost",
            "listen": {"http": f"127.0.0.1:{self.ports.http}", "agents": f"127.0.0.1:{self.ports.agents}",
                       "admin": f"127.0.0.1:{self.ports.admin}"},
            "state_dir": str(self.folder / "state"),
            "tcp_ports": f"{tcp[0]}-{tcp[-1]}", "tcp_bind": "127.0.0.1",
            "reconnect_grace": "300ms", "workers": 2, "shutdown_timeout": "20s",
            "log": {"level": "debug", "format": "json"},
        } | options
        self.file = self.folder / "relay.yaml"
        self.write()
        self.program, self.tokens = None, {}

    def write(self):
        self.file.write_text(json.dumps(self.config))

    def command(self, *args, **options):
        return subprocess.run([RELAY, *args, "--config", str(self.file)], env=self.env, capture_output=True,
                              text=True, timeout=PATIENCE, **options)

    def token(self, name="tester", *flags):
        result = self.command("token", "add", name, *flags)
        assert result.returncode == 0, result.stderr
        self.tokens[name] = result.stdout.strip()
        return self.tokens[name]

    def pin(self):
        return self.command("pin").stdout.strip()

    def start(self):
        self.program = Program([RELAY, "serve", "--config", str(self.file)], self.env, self.folder,
                               self.folder / "relay.log")
        self.program.event("relay up")
        return self

    def log_text(self):
        return (self.folder / "relay.log").read_text()

    def visitor(self):
        return dial(self.ports.http)

    def status(self):
        result = self.command("status", "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def close(self):
        if self.program and self.program.running():
            self.program.kill()
        self.ports.release()


class Agent:
    """`sallyport up` with its own folder. `settings` are keys of agent.yaml beside `tunnels`."""

    def __init__(self, folder, relay, tunnels, token=None, env=(), settings=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.relay = relay
        # False: it has a source of its own (settings, env).
        self.token = token if token is False else token or relay.tokens.get("tester") or relay.token()
        given = {"SALLYPORT_TOKEN": self.token} if self.token else {}
        self.env = environment(self.folder / "home", **given, **dict(env))
        self.config = {
            "relay": f"tls://127.0.0.1:{relay.ports.agents}", "pin": relay.pin(),
            "reconnect": {"min": "50ms", "max": "200ms"},
            "log": {"level": "debug", "format": "json"},
        } | dict(settings)
        self.file = self.folder / "agent.yaml"
        self.write(tunnels)
        self.program = None

    def write(self, tunnels):
        self.tunnels = tunnels
        config = {k: v for k, v in (self.config | {"tunnels": tunnels}).items() if v is not None}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(config))
        new.replace(self.file)

    def launch(self, *flags):
        self.program = Program([AGENT, "up", "--config", str(self.file), *flags], self.env, self.folder,
                               self.folder / "agent.log")
        return self

    def start(self):
        self.launch()
        for name in self.tunnels:
            self.program.event("tunnel open", tunnel=name)
        return self

    def log_text(self):
        return (self.folder / "agent.log").read_text()

    def close(self):
        if self.program and self.program.running():
            self.program.signal(signal.SIGKILL)
            self.program.wait()
