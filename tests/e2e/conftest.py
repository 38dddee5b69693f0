import os
import resource

import pytest

from support.desktop import Desktop
from support.desktop_steps import WebServer
from support.programs import Agent, Relay
from support.upstreams import Service, Upstream

# A thousand visitors are a thousand descriptors here too.
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Stage:
    """Makes relays, agents and upstreams, and takes them away at the end."""

    def __init__(self, folder):
        self.folder, self.things, self.count = folder, [], 0

    def _keep(self, thing):
        self.things.append(thing)
        return thing

    def _folder(self, kind):
        self.count += 1
        return self.folder / f"{kind}{self.count}"

    def relay(self, start=True, **options):
        relay = self._keep(Relay(self._folder("relay"), options))
        relay.token()
        return relay.start() if start else relay

    def agent(self, relay, tunnels, start=True, **options):
        agent = self._keep(Agent(self._folder("agent"), relay, tunnels, **options))
        return agent.start() if start else agent

    def service(self, **options):
        return self._keep(Service(**options))

    def upstream(self, handler, **options):
        return self._keep(Upstream(handler, **options))

    def close(self):
        for thing in reversed(self.things):
            thing.close()


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def shared_stage(tmp_path_factory):
    """For what all tests of a file use together."""
    stage = Stage(tmp_path_factory.mktemp("shared"))
    yield stage
    stage.close()


class Tunnel:
    """One relay, one agent, one service as hello.localhost."""

    def __init__(self, stage, tunnels=lambda service: {"web": {"http": service.port, "name": "hello"}}, **options):
        self.service = stage.service()
        self.relay = stage.relay(**options)
        self.agent = stage.agent(self.relay, tunnels(self.service))
        self.port = self.relay.ports.http
        self.url = f"http://hello.localhost:{self.port}"

    def visitor(self):
        return self.relay.visitor()


@pytest.fixture(scope="module")
def tunnel(shared_stage):
    return Tunnel(shared_stage)


@pytest.fixture
def desktop(tmp_path):
    desktop = Desktop(tmp_path / "desktop")
    yield desktop
    desktop.close()


@pytest.fixture
def web(tmp_path):
    web = WebServer(tmp_path / "web", f"Garden shed {os.getpid()}")  # another test may show its own
    yield web
    web.close()
