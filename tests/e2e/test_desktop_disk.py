"""The desktop app where nothing can be written: a full disk, a home that is read-only."""
import os
import shutil
import subprocess

import pytest

from support.desktop_steps import fetch, write_config
from support.patience import until


def as_root(*command):
    """Whether it could be done."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not shutil.which("sudo"):
        return False
    return subprocess.run([*sudo, *map(str, command)], capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few MiB, and what fills it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size=4m,mode=0700,uid={os.getuid()},gid={os.getgid()}"
    if not as_root("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder):
        pytest.skip("only root can mount a file system, and sudo is missing or asks for a password")
    yield folder
    assert as_root("umount", "-l", folder)


def fill(folder, name="filler"):
    filler = folder / name
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


def remount(folder, how):
    assert as_root("mount", "-o", f"remount,{how}", folder)


def test_a_full_disk_holds_nothing_up(stage, desktop, web, small_disk):
    """The history's: what passes is shown, nothing stored is lost, and it is written when there is room."""
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    app = desktop.app(STATE_DIRECTORY=str(small_disk))
    desktop.window("Connected — Sallyport")
    fetch("http://shed.localhost", relay.ports.http, "/stored")
    desktop.key("ctrl+3")
    desktop.reader.see("GET /stored")
    filler = fill(small_disk)
    for number in range(5):
        fetch("http://shed.localhost", relay.ports.http, f"/meanwhile{number}")
        desktop.reader.see(f"GET /meanwhile{number}")
    desktop.reader.see("is full. Traffic goes on", "alert")
    # In full, though it stands in memory alone.
    desktop.focus_table()
    desktop.key("Down")
    desktop.reader.see(f"127.0.0.1:{web.port}")
    desktop.tray.click("Quit")
    assert app.wait() == 0

    # Started on the full disk (its end had made a little room): what was stored is there, and goes on being there.
    more = fill(small_disk, "more")
    app = desktop.app(STATE_DIRECTORY=str(small_disk))
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+3")
    desktop.reader.see("is full. Traffic goes on", "alert")
    desktop.reader.see("GET /stored")
    fetch("http://shed.localhost", relay.ports.http, "/late")
    desktop.reader.see("GET /late")
    filler.unlink()
    more.unlink()
    until(lambda: not any("is full" in row["name"] for row in desktop.reader.shown()), "the warning to go")
    desktop.tray.click("Quit")
    assert app.wait() == 0
    desktop.app(STATE_DIRECTORY=str(small_disk))
    desktop.window("Connected — Sallyport")
    desktop.key("ctrl+3")
    desktop.reader.see("GET /stored")
    desktop.reader.see("GET /late")
    assert not list(small_disk.rglob("*-damaged"))


def test_a_home_that_cant_be_written(stage, desktop, web, small_disk):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    shutil.move(desktop.config, small_disk / "sallyport")
    config = small_disk / "sallyport"
    file = config / "agent.yaml"
    file.write_text(file.read_text().replace(str(desktop.config), str(config)))
    before = file.read_text()
    remount(small_disk, "ro")
    desktop.app(XDG_CONFIG_HOME=str(small_disk), STATE_DIRECTORY=str(small_disk / "state"))
    desktop.window("Connected — Sallyport")
    told = desktop.reader.see("is kept in memory alone", "alert")["name"]
    assert "state/traffic" in told and "sallyport-gui.conf" in told, told
    assert "from behind the door" in fetch("http://shed.localhost", relay.ports.http)
    desktop.key("ctrl+3")
    desktop.reader.see("GET /")
    # A change that can't be saved is told and not made.
    desktop.key("ctrl+1")
    desktop.press("Pause")
    desktop.reader.see("read-only")
    assert "from behind the door" in fetch("http://shed.localhost", relay.ports.http)
    remount(small_disk, "rw")
    desktop.press("Pause")
    desktop.reader.see("0 of 1 open")
    assert file.read_text() != before
    until(lambda: not any("in memory alone" in row["name"] for row in desktop.reader.shown()), "the warning to go")


def test_a_change_that_finds_no_room_leaves_the_file_whole(stage, desktop, web, small_disk):
    relay = stage.relay()
    write_config(desktop, relay, {"shed": {"http": web.port, "name": "shed"}})
    shutil.move(desktop.config, small_disk / "sallyport")
    file = small_disk / "sallyport" / "agent.yaml"
    file.write_text(file.read_text().replace(str(desktop.config), str(small_disk / "sallyport")))
    before = file.read_text()
    desktop.app(XDG_CONFIG_HOME=str(small_disk))
    desktop.window("Connected — Sallyport")
    filler = fill(small_disk)
    desktop.press("Pause")
    desktop.reader.see("disk is full")
    assert file.read_text() == before
    assert [one.name for one in file.parent.iterdir() if "agent.yaml." in one.name] == []
    filler.unlink()
    desktop.press("Pause")
    desktop.reader.see("0 of 1 open")
