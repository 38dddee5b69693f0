"""What a person does with the desktop app, step by step, for the tests of it."""
import json
import re
import subprocess
import sys
import threading

from .patience import PATIENCE, Watched, until


class WebServer:
    """python's own, with one page."""

    def __init__(self, folder, title):
        folder.mkdir()
        self.title = title
        (folder / "index.html").write_text(f"<title>{title}</title><p>from behind the door")
        self.process = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
                                        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stdout.readline()).group(1))
        self.log, self.forgotten = Watched(), 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            if match := re.search(r'"GET (\S+) HTTP', line):
                self.log.append(match.group(1))

    def forget(self):
        """What was asked for so far (by the app's own look at what this is) does not count."""
        self.forgotten = self.log.mark()

    def targets(self):
        return self.log.all()[self.forgotten:]

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE)


def join_line(relay, token=None, pin=None):
    return f"sallyport://{token or relay.tokens['tester']}@127.0.0.1:{relay.ports.agents}?pin={pin or relay.pin()}"


def fetch(url, port, path="/", headers=()):
    """With curl, as somebody outside would; the name is the relay's wherever it leads."""
    host = re.match(r"http://([^:/]+)", url).group(1)
    more = [word for header in headers for word in ("-H", header)]
    result = subprocess.run(["curl", "-sS", "-m", str(int(PATIENCE)), "--resolve", f"{host}:{port}:127.0.0.1", *more,
                             f"http://{host}:{port}{path}"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def give_line(desktop, line):
    """To the welcome page, whose field takes it."""
    desktop.reader.focus("", "password text")
    desktop.key("ctrl+a")
    desktop.type(line)
    desktop.reader.see(lambda row: len(row["text"]) == len(line), "password text")
    desktop.key("Return")


def connect(desktop, relay):
    """A fresh home: the join line is given to the welcome page."""
    app = desktop.app()
    desktop.window()
    give_line(desktop, join_line(relay))
    desktop.window("Connected — Sallyport")
    until(lambda: relay.status()["links"], "the app's link at the relay")
    return app


def publish(desktop, web):
    """By the switch of the service that was found. Gives the public address."""
    desktop.key("ctrl+2")
    desktop.reader.see("Choose a service of this computer")
    row = desktop.reader.see(lambda row: row["name"].endswith(f", port {web.port}"), "push button")
    assert row["name"].startswith(web.title), row
    desktop.press(f"Publish {web.title}", "check box")
    shown = desktop.reader.see(lambda row: re.match(r"http://[a-z0-9-]+\.localhost", row["name"]))
    return shown["name"]


def write_config(desktop, relay, /, tunnels=(), **more):
    """agent.yaml as `sallyport up` and the app of this desktop read it; the token is in a file of its own."""
    folder = desktop.config
    folder.mkdir(parents=True, exist_ok=True)
    token = folder / "token"
    token.write_text(relay.tokens["tester"])
    token.chmod(0o600)
    lines = {"relay": f"tls://127.0.0.1:{relay.ports.agents}", "pin": relay.pin(), "token_file": str(token),
             "reconnect": {"min": "50ms", "max": "200ms"}} | more
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items() if value is not None)
    text += "tunnels:\n" + "".join(f"  {name}: {json.dumps(tunnel)}\n" for name, tunnel in dict(tunnels).items())
    (folder / "agent.yaml").write_text(text)
