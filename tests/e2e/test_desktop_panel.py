"""The desktop app and the panel: one that starts later, ends and comes back; notifications that lead somewhere."""
from support.desktop_steps import connect, fetch, publish
from support.patience import until

NO_TRAY = "This desktop has no tray"


def icon(desktop):
    return until(lambda: (lambda one: one if one["icons"] else None)(desktop.tray.ask(do="item")), "an icon in the tray")


def test_a_panel_that_starts_later_gets_the_icon(stage, desktop):
    desktop.tray.ask(do="leave")
    app = connect(desktop, stage.relay())
    desktop.reader.see(NO_TRAY)
    desktop.tray.ask(do="come_back")
    desktop.tray.event("registered")
    icon(desktop)
    until(lambda: not [row for row in desktop.reader.shown() if NO_TRAY in row["name"] + row["text"]], "the note to go")
    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_a_panel_that_comes_back_gets_the_icon_again(stage, desktop):
    app = connect(desktop, stage.relay())
    first = icon(desktop)
    mark = desktop.tray.events.mark()
    desktop.tray.ask(do="leave")
    desktop.tray.ask(do="come_back")
    desktop.tray.event("registered", after=mark)
    assert icon(desktop)["image"] == first["image"]
    assert any("Connected" in row["label"] for row in desktop.tray.ask(do="menu"))
    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_a_watcher_without_a_panel_is_no_tray(stage, desktop):
    desktop.tray.ask(do="host", there=False)
    app = connect(desktop, stage.relay())
    desktop.reader.see(NO_TRAY)
    desktop.tray.ask(do="host", there=True)
    desktop.tray.event("registered")
    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_a_hidden_window_shows_itself_while_there_is_no_panel(stage, desktop):
    app = connect(desktop, stage.relay())
    icon(desktop)
    desktop.key("alt+F4")
    until(lambda: not desktop.windows(), "the window to go")
    desktop.tray.ask(do="leave")
    minimised = until(lambda: desktop.tool("search", "--class", "sallyport-gui").stdout.split(), "a window again")
    assert minimised and app.running()
    mark = desktop.tray.events.mark()
    desktop.tray.ask(do="come_back")
    desktop.tray.event("registered", after=mark)
    desktop.tray.click("Quit")
    assert app.wait() == 0


def test_a_click_on_a_notification_leads_to_its_place(stage, desktop, web):
    relay = stage.relay()
    app = connect(desktop, relay)
    told = desktop.tray.event("notification", lambda entry: entry["summary"] == "Connected")
    assert told["application"] == "Sallyport" and told["entry"] == "sallyport"
    assert told["actions"][0] == "default"
    # The icon stays the app's own meanwhile.
    assert icon(desktop)["Status"] == "Active"
    url = publish(desktop, web)
    fetch(url, relay.ports.http)
    told = desktop.tray.event("notification", lambda entry: entry["summary"].startswith("First request on "))
    desktop.key("alt+F4")
    until(lambda: not desktop.windows(), "the window to go")
    # Another program's is not ours: what the icon answers later comes behind it on the bus.
    desktop.tray.ask(do="press", summary="")
    icon(desktop)
    assert not desktop.windows()
    desktop.tray.ask(do="press", summary=told["summary"])
    desktop.window()
    desktop.reader.see(lambda row: "GET" in row["name"] and "200" in row["name"])
    desktop.tray.click("Quit")
    assert app.wait() == 0

