"""A panel's part of the session bus: StatusNotifierWatcher, host and notification server.

Driven over standard input and output, one JSON object a line:
    <- {"event": "registered", "item": ":1.5/StatusNotifierItem"}
    <- {"event": "notification", "summary": ..., "body": ...}
    -> {"do": "item"}            <- {"answer": {"Title": ..., "Status": ..., "icons": [[22, 22], ...],
                                             "image": "a digest of the icon's pixels"}}
    -> {"do": "menu"}            <- {"answer": [{"id": 3, "label": "Quit", "checked": null, "enabled": true}, ...]}
    -> {"do": "click", "id": 3}  <- {"answer": "clicked"}
    -> {"do": "activate"}        <- {"answer": "activated"}
    -> {"do": "leave"}, {"do": "come_back"}: the panel ends, starts again
    -> {"do": "host", "there": false}: the watcher stays, the panel that shows the icons goes (Plasma)
    -> {"do": "press", "summary": "Connected"}: a click on that notification; "": on another program's
"""
import hashlib
import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"


def say(**what):
    print(json.dumps(what), flush=True)


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        self.name = dbus.service.BusName(WATCHER, bus)
        super().__init__(bus, "/StatusNotifierWatcher")
        self.items, self.hosted = [], True

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        name, path = (sender, service) if service.startswith("/") else (service, "/StatusNotifierItem")
        if (name, path) not in self.items:
            self.items.append((name, path))
        self.StatusNotifierItemRegistered(service)
        say(event="registered", item=name + path)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        self.StatusNotifierHostRegistered()

    @dbus.service.signal(WATCHER, signature="s")
    def StatusNotifierItemRegistered(self, service):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostRegistered(self):
        pass

    @dbus.service.signal(WATCHER)
    def StatusNotifierHostUnregistered(self):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {"IsStatusNotifierHostRegistered": dbus.Boolean(self.hosted), "ProtocolVersion": dbus.Int32(0),
                "RegisteredStatusNotifierItems": dbus.Array([n + p for n, p in self.items], signature="s")}

    # A program that reads the properties through the introspected interface (Qt does) must find them here.
    @dbus.service.method("org.freedesktop.DBus.Introspectable", out_signature="s",
                         path_keyword="path", connection_keyword="connection")
    def Introspect(self, path, connection):
        properties = "".join(f'<property name="{name}" type="{kind}" access="read"/>' for name, kind in (
            ("IsStatusNotifierHostRegistered", "b"), ("ProtocolVersion", "i"), ("RegisteredStatusNotifierItems", "as")))
        text = super().Introspect(path, connection)
        return text.replace(f'<interface name="{WATCHER}">', f'<interface name="{WATCHER}">{properties}')


class Notifications(dbus.service.Object):
    interface = "org.freedesktop.Notifications"

    def __init__(self, bus):
        self.name = dbus.service.BusName(self.interface, bus)
        super().__init__(bus, "/org/freedesktop/Notifications")
        self.shown = []

    @dbus.service.method(interface, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, application, replaces, icon, summary, body, actions, hints, timeout):
        self.shown.append(str(summary))
        say(event="notification", application=str(application), replaces=int(replaces), summary=str(summary),
            body=str(body), actions=[str(action) for action in actions], entry=str(hints.get("desktop-entry", "")))
        return dbus.UInt32(len(self.shown))

    @dbus.service.signal(interface, signature="us")
    def ActionInvoked(self, number, action):
        pass

    @dbus.service.method(interface, in_signature="u")
    def CloseNotification(self, number):
        pass

    @dbus.service.method(interface, out_signature="as")
    def GetCapabilities(self):
        return ["body", "actions", "body-markup"]

    @dbus.service.method(interface, out_signature="ssss")
    def GetServerInformation(self):
        return ("test", "test", "1", "1.2")


def flattened(node):
    number, properties, children = node
    rows = [{"id": int(number), "label": str(properties.get("label", "")),
             "checked": None if "toggle-state" not in properties else int(properties["toggle-state"]) == 1,
             "enabled": bool(properties.get("enabled", True))}] if number else []
    for child in children:
        rows += flattened(child)
    return rows


class Host:
    def __init__(self, bus, watcher, notifications):
        self.bus, self.watcher, self.notifications = bus, watcher, notifications

    def item(self):
        properties = dbus.Interface(self.bus.get_object(*self.watcher.items[-1]), PROPERTIES).GetAll(ITEM)
        return {name: str(properties.get(name, "")) for name in ("Id", "Title", "Status", "Category")} | {
            "image": hashlib.sha256(b"".join(bytes(icon[2]) for icon in properties.get("IconPixmap", []))).hexdigest(),
            "icons": [[int(icon[0]), int(icon[1])] for icon in properties.get("IconPixmap", [])],
            "tooltip": str(properties["ToolTip"][2]) if "ToolTip" in properties else ""}

    def dbusmenu(self):
        name, path = self.watcher.items[-1]
        menu = dbus.Interface(self.bus.get_object(name, path), PROPERTIES).Get(ITEM, "Menu")
        return dbus.Interface(self.bus.get_object(name, menu), MENU)

    def menu(self):
        menu = self.dbusmenu()
        menu.AboutToShow(0)
        return flattened(menu.GetLayout(0, -1, dbus.Array([], signature="s"))[1])

    def click(self, number):
        self.dbusmenu().Event(number, "clicked", dbus.String("", variant_level=1), dbus.UInt32(0))
        return "clicked"

    def owner(self, name):
        return bool(self.bus.name_has_owner(name))

    def leave(self):
        self.watcher.items.clear()
        self.bus.release_name(WATCHER)
        return "left"

    def come_back(self):
        self.bus.request_name(WATCHER)
        return "came back"

    def host(self, there):
        self.watcher.hosted = there
        (self.watcher.StatusNotifierHostRegistered if there else self.watcher.StatusNotifierHostUnregistered)()
        return "told"

    def press(self, summary):
        shown = self.notifications.shown
        number = len(shown) - shown[::-1].index(summary) if summary else 1_000_000
        self.notifications.ActionInvoked(number, "default")
        return number

    def activate(self):
        dbus.Interface(self.bus.get_object(*self.watcher.items[-1]), ITEM).Activate(0, 0)
        return "activated"


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    notifications = Notifications(bus)
    host = Host(bus, Watcher(bus), notifications)
    loop = GLib.MainLoop()

    def on_input(channel, condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        order = json.loads(line)
        try:
            say(answer=getattr(host, order.pop("do"))(*order.values()))
        except (dbus.DBusException, IndexError, ValueError) as error:
            say(error=str(error))
        return True

    GLib.io_add_watch(GLib.IOChannel.unix_new(sys.stdin.fileno()), GLib.PRIORITY_DEFAULT,
                      GLib.IO_IN | GLib.IO_HUP, on_input)
    say(event="ready", notifications=notifications.interface)
    loop.run()


main()
