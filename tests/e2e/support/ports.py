"""Ports that stay ours while a program that holds them is down and starts again.

A block is claimed by a lock on a file, so that tests side by side never get the same one. The blocks lie
below the range that the system gives to outgoing connections."""
import fcntl
import os
import pathlib
import socket
import tempfile

SIZE = 12
FIRST, LAST = 10000, 30000


class PortBlock:
    def __init__(self):
        folder = pathlib.Path(tempfile.gettempdir()) / f"sallyport-e2e-ports-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        blocks = (LAST - FIRST) // SIZE
        start = os.getpid() * 7
        for n in range(blocks):
            first = FIRST + (start + n) % blocks * SIZE
            lock = os.open(folder / str(first), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            if all(is_free(port) for port in range(first, first + SIZE)):
                self.first, self.lock = first, lock
                self.http, self.agents, self.admin, self.https = range(first, first + 4)
                self.tcp = list(range(first + 4, first + SIZE))
                return
            os.close(lock)
        raise RuntimeError("no free ports")

    def release(self):
        os.close(self.lock)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


_claimed = []  # blocks, for as long as the tests of this process run
_spare = []  # ports of the last one


def free_port():
    """A port on which nobody listens, nor will: it is of a block that belongs to this process."""
    if not _spare:
        block = PortBlock()
        _claimed.append(block)
        _spare.extend(range(block.first, block.first + SIZE))
    return _spare.pop()
