#!/bin/sh
# Runs a program on a session bus and in a home of its own, with a Secret Service whose login keyring
# is unlocked, locked or missing, or on a bus without any (silent: the program plays one itself).
# with_keyring.sh unlocked|locked|missing|silent PROGRAM. Leaves with 77 (skipped) where there is no
# Secret Service to run.
set -eu

# Inside the session: with_keyring.sh --session HOW PROGRAM...
if [ "$1" = --session ]; then
    how=$2
    shift 2
    case $how in
    unlock) printf 'pw\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & ;;
    start) gnome-keyring-daemon --foreground --start --components=secrets >/dev/null 2>&1 & ;;
    esac
    daemon=$!
    trap 'kill $daemon 2>/dev/null || true; wait $daemon 2>/dev/null || true' EXIT
    tries=100
    until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
        org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "the keyring did not start" >&2; exit 77; }
        sleep 0.05
    done
    "$@"
    exit
fi

state=$1
program=$2
self=$(readlink -f "$0")
for tool in dbus-run-session dbus-send gnome-keyring-daemon; do
    command -v $tool >/dev/null || exit 77
done

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/run"
export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/.config"
export XDG_DATA_HOME="$home/.local/share" SALLYPORT_TEST_KEYRING="$state"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS 2>/dev/null || true

session() { dbus-run-session -- "$self" --session "$@"; }
case $state in
unlocked) session unlock "$program" ;;
locked)
    # Made in one session, found locked by the next.
    session unlock true
    [ -f "$XDG_DATA_HOME/keyrings/login.keyring" ]
    session start "$program"
    ;;
missing) session start "$program" ;;
silent) dbus-run-session -- "$program" ;;
esac
