"""A desktop for one test: X server, window manager, session bus, a panel; and the app on it."""
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

from .patience import PATIENCE, Watched, until
from .programs import BIN, Program, environment

GUI = str(BIN / "sallyport-gui")
QML_FAULT = re.compile(r"TypeError|ReferenceError|is not defined|Failed to load|is not installed|inding loop|nable to assign")
A11Y = pathlib.Path("/usr/share/dbus-1/services/org.a11y.Bus.service")


class Helper:
    """A script beside this one as a process of its own, on the test's bus; JSON lines both ways."""

    def __init__(self, script, env):
        self.events, self.answers = Watched(), Watched()
        file = pathlib.Path(__file__).with_name(script)
        self.process = subprocess.Popen([sys.executable, "-B", "-W", "ignore", str(file)], env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        self.event("ready")

    def _read(self):
        for line in self.process.stdout:
            entry = json.loads(line)
            (self.events if "event" in entry else self.answers).append(entry)

    def event(self, name, fits=lambda entry: True, after=0):
        return self.events.wait(lambda entry: entry["event"] == name and fits(entry), after,
                                lambda: self.process.poll() is None, f"the event {name}")

    def ask(self, **order):
        mark = self.answers.mark()
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.answers.wait(lambda entry: True, mark, lambda: self.process.poll() is None, f"answer to {order}")
        assert "answer" in answer, answer
        return answer["answer"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)


class Tray(Helper):
    """The panel: what stands in its tray."""

    def __init__(self, env):
        super().__init__("tray_host.py", env)

    def entry(self, text):
        """The menu's entry whose label has this text, without regard to its mnemonic."""
        def find():
            rows = [row for row in self.ask(do="menu") if text in row["label"].replace("_", "")]
            return rows[0] if rows else None
        return until(find, f"a menu entry {text}")

    def click(self, text):
        self.ask(do="click", id=self.entry(text)["id"])


class Reader(Helper):
    """What the app's window shows, by names, as a screen reader tells it."""

    def __init__(self, env):
        super().__init__("screen_reader.py", env)

    def shown(self):
        return [row for row in self.ask(do="tree") if "showing" in row["states"]]

    def see(self, what, role=None):
        """Waits for something that is shown, whose name or text contains `what`, or fits it as a function."""
        fits = what if callable(what) else lambda row: what in row["name"] or what in row["text"]

        def find():
            rows = [row for row in self.shown() if role in (None, row["role"]) and fits(row)]
            return rows[0] if rows else None
        try:
            return until(find, f"{role or 'something'} {what}")
        except AssertionError as error:
            raise AssertionError(f"{error}; shown is {[(r['role'], r['name']) for r in self.shown()]}") from None

    def focus(self, name, role="text"):
        """Qt tells no name of a field for passwords."""
        until(lambda: self.ask(do="focus", role=role, name=name), f"a {role} {name}")
        self.see(lambda row: row["name"] == name and "focused" in row["states"], role)


class Desktop:
    """Xvfb, openbox, dbus-daemon, and a panel with a tray."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.processes, self.secrets = [], None
        self.env = environment(self.folder / "home")
        self.config = pathlib.Path(self.env["XDG_CONFIG_HOME"]) / "sallyport"
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"):
            self.env.pop(name, None)
        read, write = os.pipe()
        self._start(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                    pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as numbers:
            self.env["DISPLAY"] = f":{numbers.readline().strip()}"
        bus = self._start(["dbus-daemon", f"--config-file={self._bus_config()}", "--nofork", "--print-address"],
                          stdout=subprocess.PIPE, text=True)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        self._start(["openbox"])
        self.tray, self.reader = Tray(self.env), Reader(self.env)

    def _bus_config(self):
        """A bus that starts nothing but accessibility: a keyring would ask for a password in a window."""
        services = self.folder / "services"
        services.mkdir()
        (services / A11Y.name).write_text(A11Y.read_text())
        config = self.folder / "bus.conf"
        config.write_text(f"""<busconfig>
            <type>session</type>
            <listen>unix:tmpdir=/tmp</listen>
            <servicedir>{services}</servicedir>
            <policy context="default">
                <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
            </policy>
        </busconfig>""")
        return config

    def _start(self, argv, **options):
        log = open(self.folder / (pathlib.Path(argv[0]).name + ".log"), "ab")
        process = subprocess.Popen(argv, env=self.env, stderr=log,
                                   **{"stdin": subprocess.DEVNULL, "stdout": log} | options)
        self.processes.append(process)
        return process

    def keyring(self, unlocked):
        """The Secret Service of GNOME on this bus, with one keyring; another run of it replaces the first."""
        if self.secrets:
            self.secrets.terminate()
            self.secrets.wait(PATIENCE)
        how = "--unlock" if unlocked else "--start"
        self.secrets = self._start(["gnome-keyring-daemon", "--foreground", how, "--components=secrets"],
                                   stdin=subprocess.PIPE)
        self.secrets.stdin.write(b"password\n" if unlocked else b"")
        self.secrets.stdin.close()
        until(lambda: self.tray.ask(do="owner", name="org.freedesktop.secrets"), "the keyring on the bus")

    def app(self, *arguments, **more):
        env = self.env | {"QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software", "LC_ALL": "C.UTF-8",
                          "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "SALLYPORT_LOG_FORMAT": "json"} | more
        env = {name: value for name, value in env.items() if value is not None}
        return Program([GUI, *arguments], env, self.folder, self.folder / "gui.log")

    def tool(self, *arguments):
        return subprocess.run(["xdotool", *map(str, arguments)], env=self.env, capture_output=True, text=True,
                              timeout=PATIENCE)

    def window(self, name="Sallyport"):
        """Waits until a window of that name is shown, and gives it the focus."""
        def find():
            found = self.tool("search", "--onlyvisible", "--name", name).stdout.split()
            return found[-1] if found else None
        window = until(find, f"a window named {name}")
        until(lambda: self.tool("windowactivate", "--sync", window).returncode == 0, "the window's focus")
        return window

    def title(self, window):
        return self.tool("getwindowname", window).stdout.strip()

    def windows(self, name="Sallyport"):
        return self.tool("search", "--onlyvisible", "--name", name).stdout.split()

    def key(self, *names):
        for name in names:
            assert self.tool("key", "--clearmodifiers", name).returncode == 0

    def press(self, name, role="push button"):
        """By the keyboard, which everything can be reached with."""
        self.reader.focus(name, role)
        self.key("space")

    def focus_table(self):
        self.reader.focus("Requests", "list")

    def type(self, text):
        # By a file, so that no secret is in a command line.
        file = self.folder / "typed"
        file.write_text(text)
        assert self.tool("type", "--clearmodifiers", "--delay", 10, "--file", file).returncode == 0
        file.unlink()

    def picture(self, name):
        file = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(file)], env=self.env, check=False, timeout=PATIENCE)
        return file

    def faults(self):
        """What the pages said of themselves: lines that no person sees, and that should not be there."""
        log = self.folder / "gui.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return [line for line in lines if "qrc:/" in line and QML_FAULT.search(line)]

    def close(self):
        self.reader.close()
        self.tray.close()
        for process in reversed(self.processes):
            process.terminate()
            process.wait(PATIENCE)
        assert not self.faults(), self.faults()
