"""From the host that a visitor names to the tunnel."""
import json

import pytest


@pytest.fixture(scope="module")
def places(shared_stage):
    relay = shared_stage.relay()
    token = relay.token("owner", "--hostname", "app.acme.test", "--hostname", "*.wild.test")
    services = {}
    tunnels = {}
    for name, published in {"hello": {"name": "hello"}, "own": {"hostname": "app.acme.test"},
                            "wild": {"hostname": "*.wild.test"}, "exact": {"hostname": "one.wild.test"},
                            "chosen": {}}.items():
        service = shared_stage.service()
        service.paths["/who"] = lambda wire, head, name=name: wire.answer(name)
        services[name] = service
        tunnels[name] = {"http": service.port, **published}
    relay.agent = shared_stage.agent(relay, tunnels, token=token)
    return relay


def who(relay, host):
    with relay.visitor() as visitor:
        visitor.request(target="/who", host=host)
        head, body = visitor.response()
    return body.decode() if head.status == 200 else head.get("Sallyport-Error")


@pytest.mark.parametrize("host,expected", [
    ("hello.localhost", "hello"),
    ("HELLO.LocalHost", "hello"),
    ("hello.localhost.", "hello"),
    ("hello.localhost:8080", "hello"),
    ("hello.localhost:", "hello"),
    ("a.hello.localhost", "hello"),
    ("a.b.c.hello.localhost", "hello"),
    ("app.acme.test", "own"),
    ("APP.acme.test:1", "own"),
    ("x.app.acme.test", "unknown-host"),
    ("two.wild.test", "wild"),
    ("one.wild.test", "exact"),
    ("a.b.wild.test", "unknown-host"),
    ("wild.test", "unknown-host"),
    ("localhost", "unknown-host"),
    ("hellolocalhost", "unknown-host"),
    ("hello.localhost.evil.test", "unknown-host"),
    ("127.0.0.1", "unknown-host"),
    ("[::1]", "unknown-host"),
])
def test_host(places, host, expected):
    assert who(places, host) == expected


def test_a_name_is_chosen_when_none_is_asked(places):
    url = places.agent.program.event("tunnel open", tunnel="chosen")["url"]
    host = url.split("//")[1].split(":")[0]
    assert host.count("-") == 1 and host.endswith(".localhost")
    assert who(places, host) == "chosen"


def test_the_chosen_name_is_the_same_next_time(stage):
    relay = stage.relay()
    agent = stage.agent(relay, {"web": {"http": 9}})
    url = agent.program.event("tunnel open", tunnel="web")["url"]
    assert agent.program.terminate() == 0
    agent.start()
    assert agent.program.event("tunnel open", tunnel="web")["url"] == url


def test_another_tenant_cannot_have_a_name_that_is_taken(stage):
    relay, service = stage.relay(), stage.service()
    stage.agent(relay, {"web": {"http": service.port, "name": "hello"}})
    thief = stage.agent(relay, {"web": {"http": 9, "name": "hello"}}, token=relay.token("other"), start=False).launch()
    thief.program.event("tunnel refused", tunnel="web")
    with relay.visitor() as visitor:
        visitor.request()
        assert visitor.response()[0].status == 200


def test_one_connection_may_visit_several_tunnels(places):
    with places.visitor() as visitor:
        for host, expected in [("hello.localhost", b"hello"), ("app.acme.test", b"own"), ("hello.localhost", b"hello")]:
            visitor.request(target="/who", host=host)
            assert visitor.response()[1] == expected


def test_upstreams_are_named_in_many_ways(stage, tmp_path):
    service, socket = stage.service(), tmp_path / "socket"
    local = stage.service(path=socket)
    for each in (service, local):
        each.paths["/who"] = lambda wire, head: wire.answer("here")
    relay = stage.relay()
    ways = {"port": service.port, "host": f"127.0.0.1:{service.port}", "name": f"localhost:{service.port}",
            "url": f"http://127.0.0.1:{service.port}", "unix": f"unix:{socket}"}
    stage.agent(relay, {way: {"http": upstream, "name": way} for way, upstream in ways.items()})
    for way in ways:
        assert who(relay, f"{way}.localhost") == "here"
