#!/usr/bin/env bash
# 20 times a new proxy takes the port over from an old one, under load: how many requests fail, and how do the WebSockets end?   bench/takeover.sh DIR [RESTARTS]
# Needs root (a network namespace of its own, in which tcp_migrate_req is on), wrk, nginx, curl and a JDK 25. Exits with 1 where a request failed
# or a WebSocket ended with another status than 1001.
set -euo pipefail
if [ "${SUNBEAM_NAMESPACE:-}" != yes ]; then
  SUNBEAM_NAMESPACE=yes exec unshare --net "$0" "$@"
fi
ip link set lo up
sysctl -qw net.ipv4.tcp_migrate_req=1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
restarts=${2:-20}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true' EXIT

# shellcheck source=SCRIPTDIR/nginx.sh
. "$root/bench/nginx.sh"
upstream "server { listen 127.0.0.1:8002; return 200 \"hello\\n\"; }"
"$java" "$root/bench/Sockets.java" origin 8003 >"$work/origin.log" 2>&1 &
pids+=($!)

# The configuration of both is the same but for the admin listener, so that each can be asked whether it is ready.
serve() { # number
  cat >"$work/$1.conf" <<CONF
listen { http = "127.0.0.1:8000", reuse_port = true }
telemetry.metrics_port = 0
admin.listen = "127.0.0.1:$((9000 + $1))"
audit.path = "$work/audit.log"
shutdown { drain = 8 s, announce = 2 s }
routes = [{ host_prefix = "127", backend = "http://127.0.0.1:8002", paths = [{ prefix = /ws, backend = "http://127.0.0.1:8003", websocket = true }] }]
CONF
  "$root/sunbeam" serve --config "$work/$1.conf" >"$work/$1.log" 2>&1 &
  running=$!
  pids+=($running)
  for _ in $(seq 600); do curl -sfo /dev/null "http://127.0.0.1:$((9000 + $1))/ready" && return; sleep 0.1; done
  echo "proxy $1 did not get ready" >&2
  exit 1
}
serve 0

cat >"$work/load.lua" <<'LUA'
-- each connection pauses for 20 ms, every fifth request asks for a new connection
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/", { ["Connection"] = n % 5 == 0 and "close" or "keep-alive" })
end
delay = function() return 20 end
done = function(summary)
  local e = summary.errors
  io.write(string.format("requests=%d failed=%d (connect %d, read %d, write %d, timeout %d, status %d)\n", summary.requests,
    e.connect + e.read + e.write + e.timeout + e.status, e.connect, e.read, e.write, e.timeout, e.status))
end
LUA
began=$SECONDS
touch "$work/hold"
wrk -t1 -c16 -d1h -s "$work/load.lua" http://127.0.0.1:8000/ >"$work/wrk.txt" &
load=$!
"$java" "$root/bench/Sockets.java" hold ws://127.0.0.1:8000/ws/x 16 "$work/hold" >"$work/sockets.txt" 2>&1 &
sockets=$!
pids+=("$load" "$sockets")
sleep 2
for i in $(seq "$restarts"); do
  old=$running
  serve "$i"
  kill "$old"
  wait "$old" || true
done
sleep 2
rm "$work/hold"
kill -INT "$load"
wait "$load" "$sockets"
echo "$restarts restarts in $((SECONDS - began)) s"
tail -1 "$work/wrk.txt"
cat "$work/sockets.txt"
grep -q ' failed=0 ' "$work/wrk.txt" && grep -Eq 'ends=\{1001=[0-9]+,held=16\}' "$work/sockets.txt"
