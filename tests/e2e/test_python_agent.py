"""examples/python-agent against the relay: the protocol page is enough to write an agent."""
import os
import pathlib
import sys

import pytest

from support.clients import curl
from support.data import blocks, checksum, file_checksum
from support.patience import until
from support.programs import Program
from support.wire import dial

AGENT = pathlib.Path(__file__).parents[2] / "examples" / "python-agent" / "agent.py"
SIZE = 30 << 20


class PythonTunnel:
    def __init__(self, stage, *flags):
        self.service, self.relay = stage.service(), stage.relay()
        self.port, self.number = self.relay.ports.http, self.relay.ports.tcp[0]
        argv = [sys.executable, str(AGENT), f"127.0.0.1:{self.relay.ports.agents}", f"http:{self.service.port}:hello",
                f"tcp:{self.service.port}:{self.number}", *(flags or ["--pin", self.relay.pin()])]
        env = self.relay.env | {"SALLYPORT_TOKEN": self.relay.tokens["tester"]}
        self.program = stage._keep(PythonProgram(argv, env, stage.folder, self.relay.folder / "python.log"))
        self.relay.program.event("link up")
        for _ in range(2):
            self.relay.program.event("tunnel up")
        until(lambda: len(self.program.stdout.all()) >= 2, "both tunnels")


class PythonProgram(Program):
    def close(self):
        if self.running():
            self.kill()


@pytest.fixture(scope="module")
def python(shared_stage):
    return PythonTunnel(shared_stage)


def test_it_is_short():
    assert len(AGENT.read_text().splitlines()) < 200


def test_http(python):
    with python.relay.visitor() as visitor:
        for n in range(20):
            visitor.request("POST", f"/{n}", body=b"x" * n * 1000)
            assert visitor.response()[0].status == 200


def test_large_transfers(python, tmp_path):
    @python.service.on("/large")
    def large(wire, head):
        wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n")
        for block in blocks(SIZE):
            wire.send(block)

    @python.service.on("/upload")
    def upload(wire, head):
        if head.get("Expect"):
            wire.send("HTTP/1.1 100 Continue\r\n\r\n")
        wire.answer(repr(checksum([wire.body(head)])))

    curl(python, "/large", "-o", tmp_path / "got")
    expected = checksum(blocks(SIZE))
    assert file_checksum(tmp_path / "got") == expected
    assert curl(python, "/upload", "-T", tmp_path / "got") == repr(expected)


def test_tcp(python):
    with dial(python.number) as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200


def test_upstream_that_is_down_is_a_502(stage):
    python = PythonTunnel(stage)
    python.service.close()
    with python.relay.visitor() as visitor:
        visitor.request()
        head, _ = visitor.response()
        assert (head.status, head.get("Sallyport-Error")) == (502, "upstream-refused")


def test_it_returns_after_a_restart_of_the_relay(stage):
    python = PythonTunnel(stage, "--plaintext")
    python.relay.program.kill()
    python.relay.start()
    python.relay.program.event("tunnel up")
    with python.relay.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200
