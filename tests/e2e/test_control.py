"""The control socket of `sallyport up`, its lock, and the commands that look at it."""
import json
import socket
import subprocess

from support.patience import PATIENCE, until
from support.programs import AGENT


def control(agent):
    """A connection to the agent's socket that asks one question after the other."""
    path = next((agent.folder / "home" / "run" / "sallyport").glob("agent-*.sock"), None)
    assert path, "no control socket"
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    connection.connect(str(path))
    lines = connection.makefile("rw", encoding="utf-8")

    def ask(**request):
        lines.write(json.dumps(request) + "\n")
        lines.flush()
        return json.loads(lines.readline())
    return ask


def command(agent, *argv):
    return subprocess.run([AGENT, *argv, "--config", str(agent.file)], env=agent.env, capture_output=True, text=True,
                          timeout=PATIENCE)


def test_an_identity_is_used_by_one_process(stage):
    agent = stage.agent(stage.relay(), {"web": {"http": 9}})
    second = command(agent, "up")
    assert second.returncode == 2 and f"process {agent.program.pid}" in second.stderr, second
    agent.program.kill()
    agent.start()


def test_tunnels_are_edited_over_the_socket(stage):
    service = stage.service()
    relay = stage.relay()
    agent = stage.agent(relay, {"web": {"http": service.port}}, start=False)
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in agent.config.items())
    agent.file.write_text(text + "tunnels:\n  # the site\n  web:\n    http: %d\n" % service.port)
    agent.start()
    ask = control(agent)
    hello = ask(type="hello", protocol=1)
    assert hello["control"] and hello["pid"] == agent.program.pid

    check = {"http": str(service.port), "name": "shop"}
    assert ask(type="tunnel.check", id=1, tunnel=check) | {"url": ""} == {
        "type": "done", "id": 1, "free": True, "url": "", "reason": ""}
    assert ask(type="tunnel.put", id=2, ref="shop", tunnel=check) == {"type": "done", "id": 2}
    agent.program.event("tunnel open", tunnel="shop")
    assert "  # the site\n  web:\n" in agent.file.read_text() and f"shop: {{http: {service.port}, name: shop}}" in agent.file.read_text()
    with relay.visitor() as visitor:
        visitor.request(host="shop.localhost")
        assert visitor.response()[0].status == 200
    taken = ask(type="tunnel.check", tunnel=check)
    assert not taken["free"] and taken["reason"]
    assert ask(type="tunnel.pause", ref="shop", paused=True)["type"] == "done"
    agent.program.event("tunnel closed", tunnel="shop")
    wrong = ask(type="tunnel.put", ref="web", tunnel={"http": "1", "remote_port": "22"})
    assert wrong["type"] == "error" and "remote_port" in wrong["message"]
    assert "spt_" not in json.dumps([hello, check, taken, wrong])


def test_logs_and_inspect_show_the_running_agent(stage):
    service = stage.service()
    relay = stage.relay()
    agent = stage.agent(relay, {"web": {"http": service.port, "name": "hello"}}, settings={"inspect": {"capture": True}})
    with relay.visitor() as visitor:
        visitor.request(target="/seen")
        assert visitor.response()[0].status == 200
    logs = command(agent, "logs", "--json")
    assert logs.returncode == 0 and any("tunnel open" in json.loads(line)["text"] for line in logs.stdout.splitlines()), logs
    # It is written down by a thread of its own, behind the answer.
    records = until(lambda: [json.loads(line) for line in command(agent, "inspect", "--json").stdout.splitlines()])
    assert [(r["method"], r["path"], r["status"]) for r in records] == [("GET", "/seen", 200)]
    assert "/seen" in command(agent, "inspect").stdout
    agent.program.terminate()
    assert command(agent, "logs").returncode == 1
