#!/bin/bash
# Usage: demo.sh BIN_DIRECTORY [--once]
# A relay, an agent and a small web service on free loopback ports; everything they write stands in one
# temporary folder that goes with them. The token travels in a file, never in an argument.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$1
once=${2:-}
work=$(mktemp -d "${TMPDIR:-/tmp}/sallyport-demo.XXXXXX")
started=() # process ids, in the order of their start
umask 077

main() {
    [[ -z $once || $once == --once ]] || { echo "demo: unknown option '$once'" >&2; exit 2; }
    trap stop_all EXIT
    trap 'exit 0' INT TERM

    start_service
    start_relay
    start_agent
    fetch_page
    explain
    [[ -n $once ]] || wait_for_interrupt
}

start_service() {
    /usr/bin/python3 "$root/examples/hello-service/server.py" >"$work/service.port" 2>"$work/service.log" &
    started+=($!)
    wait_until "the web service" service "test -s $work/service.port"
    service_port=$(<"$work/service.port")
    echo "web service  listens on 127.0.0.1:$service_port"
}

start_relay() {
    read -r http_port agents_port admin_port < <(free_ports 3)
    cat >"$work/relay.yaml" <<YAML
domain: localhost
listen:
  http: "127.0.0.1:$http_port"
  agents: "127.0.0.1:$agents_port"
  admin: "127.0.0.1:$admin_port"
state_dir: $work/relay-state
auth:
  tokens_file: $work/tokens.yaml
YAML
    "$bin/sallyport-relay" token add demo --config "$work/relay.yaml" >"$work/token" 2>"$work/relay.log" ||
        give_up "the relay did not make a token" relay
    "$bin/sallyport-relay" serve --config "$work/relay.yaml" >>"$work/relay.log" 2>&1 &
    started+=($!)
    wait_until "the relay" relay "curl -fsS -o /dev/null http://127.0.0.1:$admin_port/health"
    echo "relay        takes visitors on 127.0.0.1:$http_port, agents (TLS) on 127.0.0.1:$agents_port"
}

start_agent() {
    local pin
    pin=$("$bin/sallyport-relay" pin --config "$work/relay.yaml" 2>>"$work/relay.log") ||
        give_up "the relay did not tell its key's pin" relay
    cat >"$work/agent.yaml" <<YAML
relay: "tls://127.0.0.1:$agents_port"
pin: "$pin"
tunnels:
  hello: {http: $service_port, name: hello}
YAML
    SALLYPORT_TOKEN_FILE=$work/token "$bin/sallyport" up --config "$work/agent.yaml" \
        </dev/null >"$work/agent.log" 2>&1 &
    started+=($!)
    echo "agent        connects to the relay, verifies its key by pin and publishes the service as 'hello'"
}

fetch_page() {
    url="http://hello.localhost:$http_port/"
    wait_until "the tunnel" agent "page_came"
    echo "fetched      $url: the page came back through the tunnel"
}

# Not every resolver knows that *.localhost is this machine, so curl is told.
page_came() {
    curl -fsS --noproxy '*' --max-time 5 --resolve "hello.localhost:$http_port:127.0.0.1" -o "$work/page.html" "$url" &&
        grep -q 'Hello through the tunnel' "$work/page.html"
}

explain() {
    cat <<TEXT

  $url

The same by hand: sallyport-relay serve --config relay.yaml, and at the service: sallyport http $service_port --name hello
TEXT
}

wait_for_interrupt() {
    echo "Ctrl-C stops everything."
    local name
    # Whichever of the three ends by itself ends the demo.
    wait -n "${started[@]}" || true
    for name in service relay agent; do
        echo "--- last lines of $name.log" >&2
        tail -n 5 "$work/$name.log" >&2
    done
    exit 1
}

free_ports() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))
PYTHON
}

# wait_until WHAT LOG COMMAND: tries for 20 s, while every program started so far lives.
wait_until() {
    local what=$1 log=$2 command=$3 deadline=$((SECONDS + 20)) pid
    until eval "$command" 2>"$work/last-try"; do
        for pid in "${started[@]}"; do
            kill -0 "$pid" 2>/dev/null || give_up "a program ended while waiting for $what" "$log"
        done
        ((SECONDS < deadline)) || give_up "$what did not come up within 20 s" "$log"
        sleep 0.1
    done
}

give_up() {
    local message=$1 log=$2
    {
        echo "demo: $message"
        [[ ! -s $work/last-try ]] || sed 's/^/  last try: /' "$work/last-try"
        echo "--- last lines of $log.log"
        tail -n 30 "$work/$log.log" 2>/dev/null || true
    } >&2
    exit 1
}

stop_all() {
    local status=$? i
    trap - EXIT INT TERM
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        kill -TERM "${started[i]}" 2>/dev/null || true
    done
    # A program that does not leave by itself within 5 s is killed.
    (
        sleep 5
        for i in "${started[@]}"; do kill -KILL "$i" 2>/dev/null || true; done
    ) &
    local watchdog=$!
    for i in "${started[@]}"; do wait "$i" 2>/dev/null || true; done
    kill "$watchdog" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}

main
