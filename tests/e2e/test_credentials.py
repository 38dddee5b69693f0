"""Secrets stay where they belong, and a token opens what it says and no more."""
import re
import stat
import subprocess

import pytest

from conftest import Tunnel
from support.programs import AGENT, Relay

TOKEN = re.compile(r"spt_[A-Za-z0-9]{20,}")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_files_hold_no_token_and_are_their_owners_alone(stage):
    tunnel = Tunnel(stage)
    state = tunnel.relay.folder / "state"
    assert mode(state) == 0o700
    files = [path for path in state.rglob("*") if path.is_file()]
    assert {"tokens.yaml"} < {path.name for path in files}
    secret = tunnel.agent.token.removeprefix("spt_")
    for path in files:
        assert mode(path) == 0o600 or (path.suffix in (".crt", ".pem") and b"PRIVATE" not in path.read_bytes()), path
        assert secret[:20].encode() not in path.read_bytes()


def test_no_secret_in_logs_nor_in_the_list_of_processes(stage):
    tunnel = Tunnel(stage)
    with tunnel.visitor() as visitor:
        visitor.request()
        visitor.response()
    for program in (tunnel.relay.program, tunnel.agent.program):
        with open(f"/proc/{program.pid}/cmdline") as line:
            assert "spt_" not in line.read()
    tunnel.relay.command("token", "revoke", "tester")
    tunnel.agent.program.wait()
    tunnel.relay.program.terminate()
    assert not TOKEN.search(tunnel.relay.log_text())
    assert not TOKEN.search(tunnel.agent.log_text())


def test_wrong_token_is_not_logged_either(stage):
    relay = stage.relay()
    wrong = relay.token()[:-5] + "AAAAA"
    agent = stage.agent(relay, {"web": {"http": 9}}, token=wrong, start=False).launch()
    assert agent.program.wait() in (2, 3)
    assert wrong not in relay.log_text() and wrong not in agent.log_text()


def test_join_line_is_printed_once(stage, tmp_path):
    relay = stage._keep(Relay(tmp_path / "fresh", {}))
    relay.start()
    line = relay.program.stdout.wait(lambda text: True)
    assert re.fullmatch(r"sallyport://spt_\w+@localhost:\d+\?pin=sha256:[\w-]{43}", line)
    assert relay.pin() in line
    assert relay.program.terminate() == 0
    assert relay.program.stdout.all() == [line]
    relay.start()
    assert relay.program.terminate() == 0
    assert relay.program.stdout.all() == []
    assert not TOKEN.search(relay.log_text().replace(line, ""))


def test_token_add_prints_the_token_alone(stage):
    relay = stage.relay(start=False)
    result = relay.command("token", "add", "somebody")
    assert re.fullmatch(r"spt_\w+\n", result.stdout)
    assert "somebody" in result.stderr and not TOKEN.search(result.stderr)
    line = relay.command("token", "add", "somebody", "--join-line").stdout
    assert line.startswith("sallyport://spt_") and line.count("\n") == 1


def refusal(stage, relay, token, tunnel):
    """What an agent with this token hears of this tunnel; None when it gets it."""
    agent = stage.agent(relay, {"t": tunnel}, token=token, start=False).launch()
    line = agent.program.log.wait(
        lambda line: isinstance(line, dict) and line.get("message", "").startswith(("tunnel open", "tunnel refused", "gave up")))
    agent.close()
    return None if line["message"] == "tunnel open" else line["code"]


def test_scopes(stage):
    relay = stage.relay()
    first, second = relay.ports.tcp[:2]
    names = relay.token("names", "--name", "a", "--name", "ci-*", "--kind", "http")
    assert refusal(stage, relay, names, {"http": 9, "name": "a"}) is None
    assert refusal(stage, relay, names, {"http": 9, "name": "ci-7"}) is None
    assert refusal(stage, relay, names, {"http": 9, "name": "b"})
    assert refusal(stage, relay, names, {"tcp": 9, "remote_port": first})
    ports = relay.token("ports", "--ports", f"{first}")
    assert refusal(stage, relay, ports, {"tcp": 9, "remote_port": first}) is None
    assert refusal(stage, relay, ports, {"tcp": 9, "remote_port": second})
    assert refusal(stage, relay, relay.token("hosts"), {"http": 9, "hostname": "app.acme.test"})
    hosts = relay.token("hosts", "--hostname", "*.acme.test")
    assert refusal(stage, relay, hosts, {"http": 9, "hostname": "app.acme.test"}) is None
    assert refusal(stage, relay, hosts, {"http": 9, "hostname": "app.evil.test"})


def test_port_outside_the_relays_range_is_refused(stage):
    relay = stage.relay()
    assert refusal(stage, relay, relay.token(), {"tcp": 9, "remote_port": relay.ports.http})


def test_token_that_runs_out_ends_its_link_and_its_agent(stage):
    relay = stage.relay()
    agent = stage.agent(relay, {"web": {"http": 9}}, token=relay.token("brief", "--expires", "2s"), start=False).launch()
    assert agent.program.wait() == 3
    assert "expired" in agent.log_text()
    assert relay.command("token", "add", "late", "--expires", "2020-01-01").returncode == 2


def test_token_list_tells_no_secret(stage):
    relay = stage.relay()
    relay.token("names", "--name", "a")
    for flags in ((), ("--json",)):
        listed = relay.command("token", "list", *flags).stdout
        assert "tester" in listed and "names" in listed and not TOKEN.search(listed)


def test_edited_tokens_file_is_read_again(stage):
    tunnel = Tunnel(stage)
    file = tunnel.relay.folder / "state" / "tokens.yaml"
    kept = file.read_text()
    tunnel.relay.token("second")
    file.write_text(file.read_text().replace("tester", "somebody"))
    tunnel.relay.program.event("tokens loaded")
    file.write_text("tokens: [nonsense\n")
    tunnel.relay.program.event("tokens not reloaded")
    assert tunnel.agent.program.running()
    file.write_text(kept)


def test_secret_on_the_command_line_is_refused(stage):
    relay = stage.relay()
    result = subprocess.run([AGENT, "login", f"sallyport://{relay.token()}@localhost:7000"], env=relay.env,
                            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert result.returncode == 2
    assert not TOKEN.search(result.stderr)
