"""One line of JSON for each authentication, claim and change, and no secret in any."""
import json
import re
import signal
import stat

from conftest import Tunnel
from support.patience import until

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def audit_file(relay):
    return relay.folder / "state" / "audit.jsonl"


def lines(relay, event=None):
    text = audit_file(relay).read_text() if audit_file(relay).exists() else ""
    found = [json.loads(line) for line in text.splitlines()]
    return [line for line in found if event in (None, line["event"])]


def awaited(relay, event, count=1):
    until(lambda: len(lines(relay, event)) >= count, f"{count} times {event}")
    return lines(relay, event)[count - 1]


def test_agent_that_comes_and_goes(stage):
    tunnel = Tunnel(stage, tunnels=lambda service: {"web": {"http": service.port, "name": "hello"},
                                                    "ssh": {"tcp": service.port}})
    auth = awaited(tunnel.relay, "auth.accepted")
    assert auth["scheme"] == "token" and auth["tenant"] == "tester" and auth["tls"] is True
    assert auth["peer"].startswith("127.0.0.1:") and TIME.fullmatch(auth["time"])
    awaited(tunnel.relay, "claim.granted", 2)
    granted = {line["tunnel"]: line for line in lines(tunnel.relay, "claim.granted")}
    assert granted["web"]["hosts"] == ["hello.localhost"] and granted["web"]["kind"] == "http"
    assert granted["ssh"]["port"] in tunnel.relay.ports.tcp
    assert granted["ssh"]["link"] == auth["link"]
    tunnel.agent.program.terminate()
    released = awaited(tunnel.relay, "claim.released", 2)
    assert released["tenant"] == "tester"
    assert tunnel.relay.program.terminate() == 0
    assert [line["event"] for line in lines(tunnel.relay)][-2:] == ["relay.draining", "relay.stopped"]


def test_wrong_credential_and_why(stage):
    relay = stage.relay()
    wrong = relay.token()[:-5] + "AAAAA"
    stage.agent(relay, {"web": {"http": 9}}, token=wrong, start=False).launch().program.wait()
    refused = awaited(relay, "auth.refused")
    assert refused["code"] == "bad_credentials" and refused["scheme"] == "token" and refused["reason"]
    revoked = stage.agent(relay, {"web": {"http": 9}}, token=relay.token("brief"))
    relay.command("token", "revoke", "brief")
    revoked.program.wait()
    ended = awaited(relay, "auth.ended")
    assert ended["tenant"] == "brief" and ended["code"] == "revoked"


def test_claim_of_what_is_anothers(stage):
    tunnel = Tunnel(stage)
    other = tunnel.relay.token("other")
    agent = stage.agent(tunnel.relay, {"mine": {"http": 9, "name": "hello"}}, token=other, start=False).launch()
    agent.program.event("tunnel refused")
    refused = awaited(tunnel.relay, "claim.refused")
    assert refused["tenant"] == "other" and refused["name"] == "hello" and refused["code"] == "name_taken"


def test_commands_write_beside_the_relay(stage):
    relay = stage.relay()
    token = relay.token("alice")

    def alices():
        found = [line for line in lines(relay, "token.added") if line["tenant"] == "alice"]
        return sorted(found, key=lambda line: line["source"]) if len(found) == 2 else None

    command, noticed = until(alices, "both lines of the new token")
    assert [command["source"], noticed["source"]] == ["command", "relay"]
    assert command["credential"] == noticed["credential"] and command["by"]
    relay.command("token", "revoke", "alice")
    awaited(relay, "token.revoked", 2)
    assert sorted(line["source"] for line in lines(relay, "token.revoked")) == ["command", "relay"]
    assert token not in audit_file(relay).read_text()
    assert "spt_" not in audit_file(relay).read_text()


def test_file_is_its_owners_and_is_made_anew_at_sighup(stage):
    relay = stage.relay()
    file = audit_file(relay)
    awaited(relay, "relay.started")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.rename(file.with_suffix(".moved"))
    relay.program.signal(signal.SIGHUP)
    assert awaited(relay, "relay.reloaded")["source"] == "signal"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_relay_without_its_audit_log_does_not_start(stage):
    relay = stage.relay(start=False, audit={"file": "/nonexistent/audit.jsonl"})
    result = relay.command("serve")
    assert result.returncode == 1 and "audit.file" in result.stderr and "audit.enabled" in result.stderr


def test_switched_off_it_writes_nothing(stage):
    relay = stage.relay(audit={"enabled": "no"})
    assert relay.program.terminate() == 0
    assert not audit_file(relay).exists()
