"""Several accounts of one relay in the desktop app, and tokens on their way into the keychain."""
from support.desktop_steps import connect, give_line, join_line
from support.patience import until


def tenants(relay):
    return [tunnel["tenant"] for tunnel in relay.status()["tunnels"] if tunnel["state"] == "up"]


def test_two_accounts_of_one_relay(stage, desktop, web):
    relay = stage.relay()
    place = f"127.0.0.1:{relay.ports.agents}"
    (desktop.config).mkdir(parents=True, exist_ok=True)
    (desktop.config / "agent.yaml").write_text(f"tunnels: {{web: {{http: {web.port}}}}}\n")
    connect(desktop, relay)
    until(lambda: tenants(relay) == ["tester"], "the tunnel of the first account")

    company = relay.token("company")
    desktop.key("ctrl+4")
    desktop.press("Add")
    give_line(desktop, join_line(relay, token=company))
    until(lambda: tenants(relay) == ["company"], "the tunnel of the second account")
    desktop.key("ctrl+4")
    desktop.reader.see(f"({company[:8]})")  # its name, until somebody gives it another
    known = (desktop.config / "accounts.yaml").read_text()
    assert known.count(f'relay: "{place}"') == 2 and f'in_use: "{place}#2"' in known
    assert company not in known and relay.tokens["tester"] not in known

    # The one that is not in use has the only such button.
    desktop.press("Use")
    until(lambda: tenants(relay) == ["tester"], "the tunnel of the first account again")
    # The same line once more is no third account.
    desktop.press("Add")
    give_line(desktop, join_line(relay, token=company))
    until(lambda: tenants(relay) == ["company"], "the second account in use")
    assert (desktop.config / "accounts.yaml").read_text().count("relay:") == 2


def test_tokens_move_into_a_keychain_that_came_later(stage, desktop):
    relay = stage.relay()
    token = relay.tokens["tester"]
    secrets_file = desktop.config / "credentials.yaml"
    app = connect(desktop, relay)
    desktop.key("ctrl+4")
    desktop.reader.see("There is no keychain now either")
    assert token in secrets_file.read_text()
    desktop.tray.click("Quit")
    assert app.wait() == 0

    # Locked, and nobody opens it: it says so, and nothing is lost.
    desktop.keyring(unlocked=False)
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+4")
    desktop.press("Move to the keychain")
    desktop.reader.see("The keychain could not be opened")
    assert token in secrets_file.read_text()
    desktop.tray.click("Quit")
    assert app.wait() == 0

    desktop.keyring(unlocked=True)
    app = desktop.app()
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+4")
    desktop.press("Move to the keychain")
    desktop.reader.see("The token is in the keychain now")
    assert token not in secrets_file.read_text()
    desktop.tray.click("Quit")
    assert app.wait() == 0
    desktop.app()
    desktop.window("Connected — Sallyport")
