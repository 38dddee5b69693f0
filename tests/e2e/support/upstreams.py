"""Services behind the tunnel whose every byte a test decides."""
import hashlib
import json
import socket
import threading
import traceback

from .wire import Wire


class Upstream:
    """Listens on a free port; `handler(wire)` serves each connection on a thread of its own. The
    connection is closed when it returns."""

    def __init__(self, handler, port=0, path=None):
        self.handler = handler
        if path:
            self.listener = socket.create_server(str(path), family=socket.AF_UNIX, backlog=1024)
        else:
            self.listener = socket.create_server(("127.0.0.1", port), backlog=1024)
            self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        wire = Wire(sock)
        try:
            self.handler(wire)
        except (OSError, EOFError, TimeoutError):
            pass
        except Exception:
            traceback.print_exc()
        finally:
            wire.close()

    def close(self):
        # A listener that another thread waits on lives on until that call returns.
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()


class Service(Upstream):
    """An HTTP service: `@service.on("/path")` functions get (wire, head) and answer by hand. They read
    the request's body themselves, if they want it. A function that returns False ends the connection.
    Other paths answer with what they saw, as JSON."""

    def __init__(self, **options):
        self.paths = {}
        super().__init__(self._requests, **options)

    def on(self, path):
        def add(function):
            self.paths[path] = function
            return function
        return add

    def _requests(self, wire):
        while True:
            try:
                head = wire.head()
            except EOFError:
                return
            function = self.paths.get(head.target.split("?")[0], echo)
            if function(wire, head) is False:
                return


def echo(wire, head):
    body = wire.body(head)
    wire.answer("" if head.method == "HEAD" else json.dumps({
        "method": head.method, "target": head.target, "first": head.first, "fields": head.fields,
        "length": len(body), "sha256": hashlib.sha256(body).hexdigest(), "trailers": wire.trailers,
    }), headers=[("Content-Type", "application/json")])
