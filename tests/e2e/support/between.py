"""Stands between two programs: hands bytes on, one at a time or with a copy kept."""
import socket
import threading


class Between:
    """Listens on `port` and connects each visitor to `target`. `forth` and `back` hold what went through,
    when `keep` is set; the first `dribble` bytes of a connection go one by one."""

    def __init__(self, target, dribble=0, keep=False):
        self.target, self.dribble, self.keep = target, dribble, keep
        self.forth, self.back = bytearray(), bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            for sock in (near, far):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pass, args=(near, far, self.dribble, self.forth), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, 0, self.back), daemon=True).start()

    def _pass(self, source, sink, dribble, copy):
        try:
            while data := source.recv(1 << 16):
                if self.keep:
                    copy += data
                while dribble and data:
                    sink.send(data[:1])
                    data, dribble = data[1:], dribble - 1
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for sock in (source, sink):
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
