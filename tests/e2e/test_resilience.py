"""Killed, restarted, revoked, taken over, drained: who notices what."""
import signal
import threading

import pytest

from conftest import Tunnel
from support.patience import PATIENCE, until
from support.wire import dial


class Load:
    """Visitors that ask again and again, each on its own connection. `stop()` returns what went wrong."""

    def __init__(self, tunnel, visitors=8):
        self.tunnel, self.faults, self.served = tunnel, [], 0
        self.going, self.counted = True, threading.Condition()
        self.threads = [threading.Thread(target=self.visit, args=(n,)) for n in range(visitors)]
        for thread in self.threads:
            thread.start()

    def visit(self, number):
        visitor = self.tunnel.visitor()
        while self.going:
            try:
                visitor.request(target=f"/{number}")
                head, _ = visitor.response()
                if head.status != 200:
                    self.faults.append(head.raw)
            except (OSError, EOFError) as error:
                self.faults.append(repr(error))
                visitor.close()
                visitor = self.tunnel.visitor()
            with self.counted:
                self.served += 1
                self.counted.notify_all()
        visitor.close()

    def more(self, n=100):
        """Waits until so many more requests were served."""
        with self.counted:
            goal = self.served + n
            assert self.counted.wait_for(lambda: self.served >= goal, PATIENCE), "nothing is served any more"

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join(PATIENCE)
        return self.faults


def test_agent_killed_and_restarted_within_the_grace_fails_no_request(stage):
    tunnel = Tunnel(stage, reconnect_grace="30s")
    load = Load(tunnel)
    for _ in range(3):
        load.more()
        tunnel.agent.program.kill()
        tunnel.agent.start()
    load.more()
    assert load.stop() == []


def test_agent_stopped_and_restarted_within_the_grace_fails_no_request(stage):
    tunnel = Tunnel(stage, reconnect_grace="30s")
    load = Load(tunnel)
    load.more()
    assert tunnel.agent.program.terminate() == 0
    tunnel.agent.start()
    load.more()
    faults = load.stop()
    assert all("agent-away" in str(fault) for fault in faults)  # who says good-bye is not waited for


def test_agent_returns_to_a_relay_that_was_killed(stage):
    tunnel = Tunnel(stage)
    for _ in range(2):
        tunnel.relay.program.kill()
        tunnel.agent.program.event("not connected")
        after = tunnel.agent.program.log.mark()
        tunnel.relay.start()
        tunnel.agent.program.event("tunnel open", after)
        with tunnel.visitor() as visitor:
            visitor.request()
            assert visitor.response()[0].status == 200


def test_requests_to_a_fresh_relay_wait_for_their_agent(stage):
    tunnel = Tunnel(stage, reconnect_grace="30s")
    tunnel.relay.program.kill()
    tunnel.relay.start()
    with tunnel.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200


def test_agent_that_hangs_is_noticed_by_pings(stage):
    tunnel = Tunnel(stage, limits={"ping": "1s"}, reconnect_grace="200ms")
    tunnel.agent.program.signal(signal.SIGSTOP)
    try:
        tunnel.relay.program.event("link down")
    finally:
        tunnel.agent.program.signal(signal.SIGCONT)
    after = tunnel.relay.program.log.mark()
    tunnel.relay.program.event("link up", after)  # it comes back by itself


def test_relay_that_hangs_is_noticed_by_pings(stage):
    relay, service = stage.relay(), stage.service()
    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}}, settings={"ping": "1s"})
    after = agent.program.log.mark()
    relay.program.signal(signal.SIGSTOP)
    try:
        agent.program.event("not connected", after)
    finally:
        relay.program.signal(signal.SIGCONT)
    agent.program.event("tunnel open", after)


def test_revoked_token_ends_its_links_and_its_agent(stage):
    tunnel = Tunnel(stage)
    other = stage.agent(tunnel.relay, {"web": {"http": tunnel.service.port, "name": "other"}},
                        token=tunnel.relay.token("other"))
    assert tunnel.relay.command("token", "revoke", "tester").returncode == 0
    assert tunnel.agent.program.wait() == 3
    assert "revoked" in tunnel.agent.log_text() or "bad_credentials" in tunnel.agent.log_text()
    assert other.program.running()
    with tunnel.visitor() as visitor:
        visitor.request(host="other.localhost")
        assert visitor.response()[0].status == 200


def test_same_agent_started_twice_takes_over(stage):
    relay = stage.relay()
    old, new = stage.service(), stage.service()
    new.paths["/"] = lambda wire, head: wire.answer("new")
    first = stage.agent(relay, {"web": {"http": old.port, "name": "hello"}})
    second = stage.agent(relay, {"web": {"http": new.port, "name": "hello"}})
    with relay.visitor() as visitor:
        visitor.request()
        assert visitor.response()[1] == b"new"
    # The first does not fight for it: two would take it from each other for ever.
    first.program.event("tunnel refused", tunnel="web")
    after = second.program.log.mark()
    for _ in range(50):
        with relay.visitor() as visitor:
            visitor.request()
            assert visitor.response()[1] == b"new"
    assert not any("tunnel closed" in str(line) or "refused" in str(line) for line in second.program.log.all()[after:])


def test_relay_told_to_stop_finishes_what_runs(stage):
    tunnel = Tunnel(stage)
    begun, go_on = threading.Event(), threading.Event()

    @tunnel.service.on("/download")
    def download(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", b"a" * 100_000)
        begun.set()
        assert go_on.wait(PATIENCE)
        wire.send(b"b" * 100_000)

    with tunnel.visitor() as visitor, tunnel.visitor() as idle:
        visitor.request(target="/download")
        visitor.head()
        assert begun.wait(PATIENCE)
        tunnel.relay.program.process.terminate()
        tunnel.relay.program.event("stopping")
        assert idle.ending() in ("end", "reset")

        def refuses():
            try:
                dial(tunnel.port).close()
            except OSError:
                return True
        until(refuses, "the relay to stop accepting")
        go_on.set()
        assert visitor.exactly(200_000) == b"a" * 100_000 + b"b" * 100_000
    assert tunnel.relay.program.wait() == 0


def test_relay_leaves_at_its_shutdown_time_whatever_runs(stage):
    tunnel = Tunnel(stage, shutdown_timeout="500ms")
    begun = threading.Event()

    @tunnel.service.on("/stuck")
    def stuck(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
        begun.set()
        wire.ending()
        return False

    with tunnel.visitor() as visitor:
        visitor.request(target="/stuck")
        visitor.head()
        assert begun.wait(PATIENCE)
        assert tunnel.relay.program.terminate() == 0


def test_second_signal_ends_the_relay_at_once(stage):
    tunnel = Tunnel(stage, shutdown_timeout="10m")

    @tunnel.service.on("/stuck")
    def stuck(wire, head):
        wire.ending()
        return False

    with tunnel.visitor() as visitor:
        visitor.request(target="/stuck")
        until(lambda: tunnel.relay.status()["tunnels"][0]["active"] == 1, "the request")
        tunnel.relay.program.process.terminate()
        tunnel.relay.program.event("stopping")
        assert tunnel.relay.program.terminate() == 0


def test_drain_command(stage):
    tunnel = Tunnel(stage)
    assert tunnel.relay.command("drain").returncode == 0
    assert tunnel.relay.program.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_agent_told_to_stop_leaves_with_0(stage, number):
    tunnel = Tunnel(stage)
    tunnel.agent.program.signal(number)
    assert tunnel.agent.program.wait() == 0
    tunnel.relay.program.event("link down")


def test_agent_told_to_stop_finishes_a_running_download(stage):
    tunnel = Tunnel(stage)
    begun, go_on = threading.Event(), threading.Event()

    @tunnel.service.on("/download")
    def download(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", b"a" * 100_000)
        begun.set()
        assert go_on.wait(PATIENCE)
        wire.send(b"b" * 100_000)

    with tunnel.visitor() as visitor:
        visitor.request(target="/download")
        visitor.head()
        assert begun.wait(PATIENCE)
        tunnel.agent.program.process.terminate()
        tunnel.agent.program.event("stopping")
        go_on.set()
        assert visitor.exactly(200_000) == b"a" * 100_000 + b"b" * 100_000
    assert tunnel.agent.program.wait() == 0


def test_requests_to_an_agent_that_is_leaving_are_told_that_it_is_away(stage):
    tunnel = Tunnel(stage)
    begun, go_on = threading.Event(), threading.Event()

    @tunnel.service.on("/download")
    def download(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na")
        begun.set()
        assert go_on.wait(PATIENCE)
        wire.send("b")

    with tunnel.visitor() as visitor:
        visitor.request(target="/download")
        visitor.head()
        assert begun.wait(PATIENCE)
        tunnel.agent.program.process.terminate()
        tunnel.agent.program.event("stopping")
        answers = set()
        for _ in range(20):
            with tunnel.visitor() as other:
                other.request("POST", body=b"x")
                head, _ = other.response()
                answers.add((head.status, head.get("Sallyport-Error")))
        go_on.set()
        assert visitor.exactly(2) == b"ab"
    assert answers <= {(200, None), (503, "agent-away")}


@pytest.mark.parametrize("how", ["file", "signal"])
def test_reload_touches_changed_tunnels_alone(stage, how):
    relay = stage.relay()
    kept, moved, fresh = stage.service(), stage.service(), stage.service()
    begun, go_on = threading.Event(), threading.Event()

    @kept.on("/download")
    def download(wire, head):
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", b"a" * 10)
        begun.set()
        assert go_on.wait(PATIENCE)
        wire.send(b"b" * 10)

    moved.paths["/"] = lambda wire, head: wire.answer("moved")
    fresh.paths["/"] = lambda wire, head: wire.answer("fresh")
    agent = stage.agent(relay, {"kept": {"http": kept.port, "name": "kept"}, "goes": {"http": moved.port, "name": "goes"},
                                "moves": {"http": kept.port, "name": "moves"}})
    with relay.visitor() as visitor:
        visitor.request(target="/download", host="kept.localhost")
        visitor.head()
        assert begun.wait(PATIENCE)
        after = agent.program.log.mark()
        agent.write({"kept": {"http": kept.port, "name": "kept"}, "moves": {"http": moved.port, "name": "moves"},
                     "comes": {"http": fresh.port, "name": "comes"}})
        if how == "signal":
            agent.program.signal(signal.SIGHUP)
        agent.program.event("tunnel open", after, tunnel="comes")
        agent.program.event("tunnel closed", after, tunnel="goes")

        def answer(host):
            with relay.visitor() as other:
                other.request(host=host)
                head, body = other.response()
                return body if head.status == 200 else head.status

        until(lambda: answer("moves.localhost") == b"moved", "the moved tunnel")
        assert answer("comes.localhost") == b"fresh"
        until(lambda: answer("goes.localhost") in (404, 503), "the tunnel to go")
        go_on.set()
        assert visitor.exactly(20) == b"a" * 10 + b"b" * 10
    assert sum("connected" == line.get("message") for line in agent.program.log.all() if isinstance(line, dict)) == 1


def test_reload_of_a_faulty_file_changes_nothing(stage):
    tunnel = Tunnel(stage)
    tunnel.agent.file.write_text("tunnels: {web: {http: 99999}}\n")
    tunnel.agent.program.event("the new configuration is not used")
    with tunnel.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200
