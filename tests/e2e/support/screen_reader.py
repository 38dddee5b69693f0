"""Reads what a window shows and moves the focus, by names and roles, as a screen reader does (AT-SPI).

Driven as tray_host.py is:
    -> {"do": "tree"}                  <- {"answer": [{"role":, "name":, "states": ["showing", ...], "text":}, ...]}
    -> {"do": "focus", "role": "push button", "name": "X"}  <- {"answer": true}   (false: none is shown)
"""
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

STATES = {name: getattr(Atspi.StateType, name.upper())
          for name in ("enabled", "showing", "checked", "focused", "editable", "sensitive")}


def roots():
    # Programs that came or went are told of by events.
    while GLib.MainContext.default().iteration(False):
        pass
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for i in range(desktop.get_child_count()):
        if application := desktop.get_child_at_index(i):
            yield application


def walk(node, depth=0):
    yield node
    if depth < 60:
        for i in range(node.get_child_count()):
            try:
                if child := node.get_child_at_index(i):
                    yield from walk(child, depth + 1)
            except GLib.Error:
                continue  # it went while we looked


def nodes():
    for root in roots():
        yield from walk(root)


def states(node):
    known = node.get_state_set()
    return [name for name, state in STATES.items() if known.contains(state)]


def text_of(node):
    text = node.get_text_iface()
    return Atspi.Text.get_text(text, 0, -1) if text else ""


def tree():
    rows = []
    for node in nodes():
        try:
            rows.append({"role": role_of(node), "name": node.get_name(), "states": states(node),
                         "text": text_of(node)})
        except GLib.Error:
            continue
    return rows


def find(fits):
    for node in nodes():
        try:
            if "showing" in states(node) and fits(node):
                return node
        except GLib.Error:
            continue
    return None


def role_of(node):
    """As Debian 12 names it; what its AT-SPI calls a push button is a button since 2.56."""
    name = node.get_role_name()
    return "push button" if name == "button" else name


def focus(role, name):
    node = find(lambda one: role_of(one) == role and one.get_name() == name)
    action = node and node.get_action_iface()
    names = [action.get_action_name(i) for i in range(action.get_n_actions())] if action else []
    return "SetFocus" in names and bool(Atspi.Action.do_action(action, names.index("SetFocus")))


def main():
    orders = {"tree": tree, "focus": focus}
    print(json.dumps({"event": "ready"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"answer": orders[order.pop("do")](**order)}
        except GLib.Error as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


main()
