"""The desktop app when something is not as it should be: the relay goes, the agent is another process's."""
import socket
import subprocess

import pytest

from support.authority import Authority
from support.desktop_steps import connect, fetch, give_line, join_line, publish, write_config
from support.patience import until
from support.programs import AGENT, Program


def agent(desktop, *flags):
    """`sallyport up` of the same user and the same configuration."""
    return Program([AGENT, "up", *flags], desktop.env | {"SALLYPORT_LOG_FORMAT": "json"}, desktop.folder,
                   desktop.folder / "agent.log")


def port_answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def state_line(desktop):
    return desktop.tray.ask(do="menu")[0]["label"].replace("_", "")


def test_the_relay_goes_and_comes_back(stage, desktop, web):
    relay = stage.relay()
    connect(desktop, relay)
    url = publish(desktop, web)
    connected = until(lambda: desktop.tray.ask(do="item") if state_line(desktop) == "Connected" else None)
    relay.program.kill()
    desktop.window("No connection — Sallyport")
    until(lambda: state_line(desktop).startswith("No connection"), "the tray's state")
    away = desktop.tray.ask(do="item")
    assert away["image"] != connected["image"], (connected, away)
    desktop.reader.see("Next try in")
    # The notice waits for ten seconds; that it comes and is right is enough here, the time is a unit test's.
    told = desktop.tray.event("notification", lambda entry: entry["summary"] == "Connection lost")
    assert told["body"]
    relay.start()
    desktop.window("Connected — Sallyport")
    desktop.tray.event("notification", lambda entry: entry["summary"] == "Connection is back")
    until(lambda: desktop.tray.ask(do="item")["image"] == connected["image"], "the icon of before")
    assert "from behind the door" in fetch(url, relay.ports.http)


def test_three_hundred_tunnels(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {f"t{i:03}": {"http": web.port, "name": f"t{i:03}"} for i in range(300)})
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    until(lambda: len(relay.status()["tunnels"]) == 300, "all tunnels at the relay")
    assert "from behind the door" in fetch("http://t299.localhost", relay.ports.http)
    desktop.reader.see("t000")
    until(lambda: "300 of 300 open" in [row["name"] for row in desktop.reader.shown()], "all tunnels in the window")
    # The menu holds some of them and leads to the rest; the window answers, and changes still work.
    rows = [row["label"] for row in desktop.tray.ask(do="menu")]
    assert sum("t0" in row for row in rows) >= 20 and any("More" in row for row in rows)
    desktop.key("ctrl+7")
    desktop.key("ctrl+1")
    desktop.reader.focus("Pause", "push button")
    desktop.key("space")
    desktop.reader.see("299 of 300 open")
    until(lambda: sum(row["state"] == "up" for row in relay.status()["tunnels"]) == 299, "the pause at the relay")
    assert app.running()


def test_shows_the_agent_that_runs_already(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    first = agent(desktop)
    first.event("tunnel open", tunnel="shed")
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    desktop.reader.see("shed.localhost:")
    # It goes on without the window.
    desktop.tray.click("Quit")
    assert app.wait() == 0 and first.running()
    assert "from behind the door" in fetch("http://shed.localhost", relay.ports.http)
    assert relay.status()["links"] == 1

    # Stopped while the window looks on: it says so, and another one is found.
    desktop.app()
    desktop.window("Connected — Sallyport")
    first.terminate()
    desktop.window("Service is away — Sallyport")
    desktop.reader.see("does not answer", "alert")
    second = agent(desktop)
    second.event("tunnel open", tunnel="shed")
    desktop.window("Connected — Sallyport")
    # Or the person has the window run the tunnels.
    second.terminate()
    desktop.window("Service is away — Sallyport")
    desktop.press("Run it here")
    desktop.window("Connected — Sallyport")
    assert "from behind the door" in fetch("http://shed.localhost", relay.ports.http)
    assert relay.status()["links"] == 1


def test_takes_over_from_an_agent_that_was_killed(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    first = agent(desktop)
    first.event("tunnel open", tunnel="shed")
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+3")
    fetch("http://shed.localhost", relay.ports.http, "/before")
    desktop.reader.see("GET /before")
    first.kill()
    desktop.window("Service is away — Sallyport")
    desktop.reader.see("has ended", "alert")
    desktop.window("Connected — Sallyport")
    until(lambda: relay.status()["links"] == 1, "the app's own link")
    fetch("http://shed.localhost", relay.ports.http, "/after")
    desktop.reader.see("GET /after")
    desktop.reader.see("GET /before")
    # The identity is the app's now.
    second = agent(desktop)
    assert second.wait() == 2
    assert any(f"process {app.pid}" in str(line) for line in second.log.all()), second.log.all()


def test_one_identity_is_used_once(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    second = agent(desktop)
    assert second.wait() == 2
    assert any(f"process {app.pid}" in str(line) for line in second.log.all()), second.log.all()


def test_a_broken_configuration_is_told_and_mended(stage, desktop, web):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    file = desktop.config / "agent.yaml"
    good = file.read_text()
    file.write_text(good + "tunels: {}\n")
    desktop.app()
    desktop.window(" — Sallyport")
    told = desktop.reader.see("agent.yaml:7")
    assert "tunels" in told["name"] and "tunnels" in told["name"], told
    file.write_text(good)
    desktop.window("Connected — Sallyport")
    # While it runs: what was read before stays in force.
    file.write_text("tunnels: {shed: [\n")
    desktop.reader.see("agent.yaml:")
    assert "from behind the door" in fetch("http://shed.localhost", relay.ports.http)
    file.unlink()
    file.write_text(good)
    until(lambda: not any("agent.yaml:" in row["name"] for row in desktop.reader.shown()), "the warning to go")
    desktop.window("Connected — Sallyport")


def test_says_what_is_wrong_with_a_relay(stage, desktop):
    relay, other = stage.relay(), stage.relay()
    desktop.app()
    desktop.window()
    for line, says in (
            (join_line(relay, token="spt_" + "A" * 43), "token"),
            (join_line(relay, pin=other.pin()), "shows another key"),
            ("sallyport://spt_x@relay.invalid:7000", "name is not known"),
            (f"sallyport://spt_x@127.0.0.1:{relay.ports.tcp[0]}", "Nobody listens at")):
        give_line(desktop, line)
        desktop.reader.see(lambda row: says in row["name"] and row["name"] != line, "alert")
    give_line(desktop, join_line(relay))
    desktop.window("Connected — Sallyport")


def test_speaks_german(stage, desktop):
    relay = stage.relay()
    desktop.app(LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8", LANGUAGE="de")
    desktop.window()
    give_line(desktop, join_line(relay, token="spt_" + "A" * 43))
    desktop.reader.see("Das Relay kennt dieses Token nicht")
    give_line(desktop, join_line(relay))
    desktop.window("Sallyport")
    until(lambda: relay.status()["links"], "the app's link at the relay")
    desktop.key("ctrl+7")
    desktop.reader.see("Das Relay nimmt diesen Agenten an")


def test_works_without_tray_bus_and_runtime_folder(stage, desktop):
    relay = stage.relay()
    app = desktop.app(DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent", XDG_RUNTIME_DIR=None)
    desktop.window()
    # The one field of the page has the keyboard.
    desktop.type(join_line(relay))
    desktop.key("Return")
    window = desktop.window("Connected — Sallyport")
    until(lambda: relay.status()["links"], "the link")
    # Nobody could bring it back, so closing it ends the app.
    desktop.tool("windowactivate", "--sync", window)
    desktop.key("alt+F4")
    assert app.wait() == 0


def test_a_locked_keyring_loses_nothing(stage, desktop):
    relay = stage.relay()
    token = relay.tokens["tester"]
    secrets_file = desktop.config / "credentials.yaml"
    desktop.keyring(unlocked=True)
    app = connect(desktop, relay)
    assert not secrets_file.exists(), "the token belongs into the keyring"
    desktop.tray.click("Quit")
    assert app.wait() == 0

    # Locked, and nobody unlocks it: the app says so and keeps the account.
    desktop.keyring(unlocked=False)
    app = desktop.app()
    desktop.window("No connection — Sallyport")
    desktop.reader.see("keychain")
    assert "127.0.0.1" in (desktop.config / "accounts.yaml").read_text()
    # The way out that needs no keyring: the line again, kept in a file that only this user can read.
    desktop.key("ctrl+4")
    desktop.press("Add")
    give_line(desktop, join_line(relay))
    desktop.window("Connected — Sallyport")
    assert token in secrets_file.read_text() and not secrets_file.stat().st_mode & 0o077
    desktop.key("ctrl+4")
    desktop.reader.see("kept in a file that only your user can read")
    desktop.tray.click("Quit")
    assert app.wait() == 0

    # Without that file and unlocked again it is found where it was.
    secrets_file.unlink()
    desktop.keyring(unlocked=True)
    desktop.app()
    desktop.window("Connected — Sallyport")


def test_a_wrong_clock_is_told_and_waited_for(stage, desktop, web, tmp_path):
    """The relay's certificate is of tomorrow, which is how a clock that goes wrong sees one of today."""
    relay = stage.relay()
    authority = Authority(tmp_path / "ca")
    future = authority.issue("localhost", label="future", begins=1)
    port = relay.ports.tcp[0]
    server = subprocess.Popen(["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", "-cert", future[0],
                               "-key", future[1]], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        until(lambda: port_answers(port), "the server with the certificate of tomorrow")
        trust = {"SSL_CERT_FILE": str(authority.file)}
        desktop.app(**trust)
        desktop.window()
        give_line(desktop, f"sallyport://{relay.tokens['tester']}@localhost:{port}")
        told = desktop.reader.see("clock", "alert")["name"]
        assert "not valid yet" in told and "This computer's clock says" in told, told
        desktop.tray.click("Quit")
        # Configured, it goes on trying: the clock is set soon after the computer starts.
        write_config(desktop, relay, relay=f"tls://localhost:{port}", pin=None)
        desktop.app(**trust)
        desktop.window("No connection — Sallyport")
        desktop.reader.see("clock", "alert")
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("began", ("locked", "unlocked"))
def test_a_keyring_is_unlocked_under_the_app(stage, desktop, web, began):
    """Also where another run of the keyring took the first one's place: "Try now" finds the token there."""
    relay = stage.relay()
    desktop.keyring(unlocked=True)
    app = connect(desktop, relay)
    if began == "locked":
        desktop.tray.click("Quit")
        assert app.wait() == 0
    desktop.keyring(unlocked=False)
    if began == "locked":
        app = desktop.app()
    else:
        relay.program.kill()
        desktop.window("No connection — Sallyport")
        relay.start()
    desktop.window("No connection — Sallyport")
    desktop.reader.see("keychain", "alert")
    desktop.keyring(unlocked=True)
    desktop.press("Try now")
    desktop.window("Connected — Sallyport")
    assert not (desktop.config / "credentials.yaml").exists()
