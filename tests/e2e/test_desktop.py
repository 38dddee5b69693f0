"""The desktop app on a desktop: from a fresh home to a request of a visitor, and out by the tray.

The window is read and worked by its accessible names and the keyboard, so that both are tested along.
"""
import pathlib
import re
import subprocess
import sys

import pytest

from support.desktop import Desktop
from support.patience import PATIENCE, until


class WebServer:
    """python's own, with one page."""

    def __init__(self, folder, title):
        folder.mkdir()
        (folder / "index.html").write_text(f"<title>{title}</title><p>from behind the door")
        self.process = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
                                        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(re.search(r"port (\d+)", self.process.stdout.readline()).group(1))

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture
def desktop(tmp_path):
    desktop = Desktop(tmp_path / "desktop")
    yield desktop
    desktop.close()


@pytest.fixture
def web(tmp_path):
    web = WebServer(tmp_path / "web", "Garden shed")
    yield web
    web.close()


def join_line(relay):
    return f"sallyport://{relay.tokens['tester']}@127.0.0.1:{relay.ports.agents}?pin={relay.pin()}"


def fetch(url, port):
    """With curl, as somebody outside would; the name is the relay's wherever it leads."""
    host = re.match(r"http://([^:/]+)", url).group(1)
    result = subprocess.run(["curl", "-sS", "-m", str(int(PATIENCE)), "--resolve", f"{host}:{port}:127.0.0.1",
                             f"http://{host}:{port}/"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def connect(desktop, relay):
    """A fresh home: the join line is given to the welcome page."""
    app = desktop.app()
    desktop.window()
    desktop.reader.focus("", "password text")
    desktop.type(join_line(relay))
    desktop.reader.see(lambda row: len(row["text"]) == len(join_line(relay)), "password text")
    desktop.key("Return")
    desktop.window("Sallyport – Connected")
    until(lambda: relay.status()["links"], "the app's link at the relay")
    return app


def publish(desktop, web):
    """By the switch of the service that was found. Gives the public address."""
    desktop.key("ctrl+2")
    desktop.reader.see("Choose a service of this computer")
    row = desktop.reader.see(lambda row: row["name"].endswith(f", port {web.port}"), "push button")
    assert row["name"].startswith("Garden shed"), row
    desktop.press("Publish Garden shed", "check box")
    shown = desktop.reader.see(lambda row: re.match(r"http://[a-z0-9-]+\.localhost", row["name"]))
    return shown["name"]


def test_publishes_a_local_server_and_shows_its_visitors(stage, desktop, web):
    relay = stage.relay()
    app = connect(desktop, relay)
    url = publish(desktop, web)
    assert "from behind the door" in fetch(url, relay.ports.http)

    desktop.key("ctrl+3")
    desktop.reader.see(lambda row: "GET" in row["name"] and "200" in row["name"])

    home = pathlib.Path(desktop.env["HOME"])
    token = relay.tokens["tester"]
    leaks = [path for path in home.rglob("*") if path.is_file() and token.encode() in path.read_bytes()
             and path.stat().st_mode & 0o077]
    assert not leaks, "only the user may read a file with the token"
    assert token not in (desktop.folder / "gui.log").read_text()

    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_stands_in_the_tray(stage, desktop):
    relay = stage.relay()
    app = connect(desktop, relay)
    desktop.tray.event("registered")
    item = until(lambda: (lambda one: one if one["icons"] else None)(desktop.tray.ask(do="item")), "an icon in the tray")
    assert item["Category"] == "ApplicationStatus"
    labels = [row["label"] for row in desktop.tray.ask(do="menu")]
    for wanted in ("Publish a service", "Settings", "Quit"):
        assert any(wanted in label for label in labels), labels

    # Closed, the window goes and the app stays; the icon brings it back.
    desktop.key("alt+F4")
    until(lambda: not desktop.windows(), "the window to go")
    assert app.running()
    desktop.tray.ask(do="activate")
    desktop.window()
    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_starting_it_twice_shows_the_first_window(desktop):
    first = desktop.app()
    window = desktop.window()
    desktop.tool("windowminimize", window)
    until(lambda: not desktop.windows(), "the window to be minimised")
    second = desktop.app()
    assert second.wait() == 0
    assert desktop.window() == window
    assert first.running()
    first.terminate()
