"""Child processes: started with a log each, measured through /proc, never left behind."""
import atexit
import ctypes
import json
import pathlib
import selectors
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
_running = []


class Failure(Exception):
    """A measurement that could not be made; the text says why."""


class Process:
    """A program under test or a helper. Its output goes to a log file in the run's folder."""

    def __init__(self, name, command, folder, env=None):
        self.name = name
        self.log = pathlib.Path(folder) / f"{name}.log"
        with open(self.log, "ab") as log:
            self.child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=log, env=env, cwd=folder, preexec_fn=_die_with_parent)
        _running.append(self)

    @property
    def alive(self):
        return self.child.poll() is None

    def cpu_ns(self):
        """Processor time of all its threads so far, in nanoseconds."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.child.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total

    def rss_bytes(self):
        for line in pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise Failure(f"{self.name} has ended")

    def kill(self):
        self.child.kill()
        self.child.wait()
        if self in _running:
            _running.remove(self)

    stop = kill  # nothing here has a state worth an orderly end

    def tail(self, lines=12):
        text = self.log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(f"    {self.name}: {line}" for line in text)


class Load:
    """One sallyport-bulk process: lines out, "mark" lines in (bench/load/modes.h)."""

    def __init__(self, bulk, mode, port, env=None, **options):
        command = [str(bulk), mode, str(port)]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        self.title = " ".join(command[1:])
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env,
                                      stderr=subprocess.PIPE, preexec_fn=_die_with_parent)
        self.buffer = b""
        _running.append(self)

    def line(self, timeout):
        """The next line it prints, or a Failure."""
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            while b"\n" not in self.buffer:
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise Failure(f"'{self.title}' said nothing for {timeout:g} s")
                data = self.child.stdout.read1(65536)
                if not data:
                    raise Failure(f"'{self.title}' ended: {self.child.stderr.read().decode().strip()}")
                self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode()

    def ready(self, timeout=20):
        line = self.line(timeout)
        if not line.startswith("ready"):
            raise Failure(f"'{self.title}' said '{line}' instead of ready")
        count = line.split()[1:]
        return int(count[0]) if count else 0

    def mark(self):
        try:
            self.child.stdin.write(b"mark\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            raise Failure(f"'{self.title}' ended: {self.child.stderr.read().decode().strip()}") from None
        return json.loads(self.line(10))

    def kill(self):
        self.child.kill()
        self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout, self.child.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        if self in _running:
            _running.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@atexit.register
def _kill_all():
    for process in list(_running):
        process.kill()
