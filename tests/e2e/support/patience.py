"""How long a test waits for something that must happen before it fails. Never a measure of anything."""
import threading
import time

PATIENCE = 60.0


class Watched:
    """A list that another thread fills; wait() returns the first entry that fits."""

    def __init__(self):
        self._entries = []
        self._changed = threading.Condition()

    def append(self, entry):
        with self._changed:
            self._entries.append(entry)
            self._changed.notify_all()

    def all(self):
        with self._changed:
            return list(self._entries)

    def mark(self):
        """For wait(after=...): what has come until now."""
        with self._changed:
            return len(self._entries)

    def wait(self, fits, after=0, alive=lambda: True, what="an entry"):
        end = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                for entry in self._entries[after:]:
                    if fits(entry):
                        return entry
                if time.monotonic() > end or not alive():
                    tail = "\n".join(str(entry) for entry in self._entries[-30:])
                    raise AssertionError(f"waited in vain for {what}; the last entries:\n{tail}")
                self._changed.wait(0.2)


def until(happened, what="it"):
    """For states that nobody announces: asks again and again."""
    end = time.monotonic() + PATIENCE
    pause = threading.Event()
    while True:
        answer = happened()
        if answer:
            return answer
        assert time.monotonic() < end, f"waited in vain for {what}"
        pause.wait(0.02)
