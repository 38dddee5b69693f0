#!/bin/sh
# Runs a program on a session bus and home of its own, with a Secret Service: with_keyring.sh
# unlocked|locked PROGRAM. Leaves with 77 (skipped) where there is none to run.
set -eu
state=$1
program=$2
command -v dbus-run-session >/dev/null && command -v gnome-keyring-daemon >/dev/null || exit 77

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/.config" XDG_DATA_HOME="$home/.local/share"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS 2>/dev/null || true
export SALLYPORT_TEST_KEYRING="$state"

if [ "$state" = unlocked ]; then
    dbus-run-session -- sh -c '
        printf "pw\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
        "$1"' sh "$program"
else
    dbus-run-session -- sh -c '
        gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
        "$1"' sh "$program"
fi
