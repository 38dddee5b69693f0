"""The desktop app on a desktop: from a fresh home to a request of a visitor, and out by the tray.

The window is read and worked by its accessible names and the keyboard, so that both are tested along.
"""
import pathlib
import subprocess

from support.desktop import GUI
from support.desktop_steps import connect, fetch, publish, write_config
from support.patience import PATIENCE, until
from support.programs import environment


def rows_of(desktop, path):
    """The table's rows about a path, newest first."""
    return [row for row in desktop.reader.shown() if row["role"] == "list item" and f"GET {path}," in row["name"]]


def test_it_answers_without_a_desktop(tmp_path):
    env = {name: value for name, value in environment(tmp_path).items()
           if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}

    def run(*arguments):
        return subprocess.run([GUI, *arguments], env=env, capture_output=True, text=True, timeout=PATIENCE)

    assert run("--version").stdout.startswith("sallyport-gui ")
    assert "Usage" in run("--help").stdout
    nowhere = run()
    assert nowhere.returncode == 1 and "needs a desktop" in nowhere.stderr


def test_publishes_a_local_server_and_shows_its_visitors(stage, desktop, web):
    relay = stage.relay()
    app = connect(desktop, relay)
    url = publish(desktop, web)
    web.forget()
    assert "from behind the door" in fetch(url, relay.ports.http)
    until(lambda: web.targets() == ["/"], "the visitor in the server's log")

    desktop.key("ctrl+3")
    desktop.reader.see(lambda row: "GET" in row["name"] and "200" in row["name"])
    # Replay: the server sees it a second time, and the answer stands beside the first one.
    desktop.focus_table()
    desktop.key("Down", "r")
    desktop.reader.see("Sent again: 200")
    until(lambda: web.targets() == ["/", "/"], "the replay at the server")
    until(lambda: len(rows_of(desktop, "/")) == 2, "the replay's own row")

    # Edited: another path, as typed.
    desktop.press("Show details")
    desktop.press("Edit and send again…")
    desktop.reader.see(lambda row: row["name"] == "Path" and "focused" in row["states"], "text")
    desktop.key("ctrl+a")
    desktop.type("/other?edited=1")
    desktop.reader.see(lambda row: row["text"] == "/other?edited=1", "text")
    desktop.press("Send")
    until(lambda: web.targets() == ["/", "/", "/other?edited=1"], "the edited request at the server")
    desktop.reader.see("Sent again: 404")

    home = pathlib.Path(desktop.env["HOME"])
    token = relay.tokens["tester"]
    leaks = [path for path in home.rglob("*") if path.is_file() and token.encode() in path.read_bytes()
             and path.stat().st_mode & 0o077]
    assert not leaks, "only the user may read a file with the token"
    assert token not in (desktop.folder / "gui.log").read_text()

    desktop.tray.click("Quit")
    assert app.wait() == 0


def history_holds(state, text):
    files = [path for path in state.rglob("*") if path.is_file()]
    assert any("traffic" in str(path) for path in files), "the history to be there"
    return any(text.encode() in path.read_bytes() for path in files)


def test_what_the_person_calls_secret_is_never_written_down(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    settings = desktop.config / "sallyport-gui.conf"
    settings.write_text("[capture]\nredactAlways=true\nsecretNames=X-Mine\n")
    state = desktop.folder / "state"
    desktop.app(STATE_DIRECTORY=str(state))
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+3")
    fetch("http://shed.localhost", relay.ports.http, "/first?a=plainly", headers=["X-Mine: hush-hush", "X-Other: aloud"])
    desktop.reader.see("GET /first")
    until(lambda: history_holds(state, "aloud"), "the request in the history")
    assert not history_holds(state, "hush-hush")


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
