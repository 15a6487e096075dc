#!/usr/bin/env bash
# 100 reloads of a proxy at half of what it can carry: how many requests fail, how many WebSockets of an unchanged route break off?   bench/reload.sh DIR [SECONDS]
# Needs wrk, nginx, curl and a JDK 25 ($JAVA_HOME). Exits with 1 where a request or a WebSocket failed or a reload was not taken over.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
seconds=${2:-30}
reloads=100
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
port=$((21000 + RANDOM % 8000))
admin=127.0.0.1:$((port + 1))
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true' EXIT

# Two upstreams that differ in what they answer.
# shellcheck source=SCRIPTDIR/nginx.sh
. "$root/bench/nginx.sh"
upstream "server { listen 127.0.0.1:$((port + 2)); return 200 \"even\\n\"; } server { listen 127.0.0.1:$((port + 3)); return 200 \"odd\\n\"; }"
"$java" "$root/bench/Sockets.java" origin $((port + 4)) >"$work/origin.log" 2>&1 &
pids+=($!)

# A new file, moved over the old one: backends, detectors and limits change each time.
configure() { # number of the reload
  local observe=false
  [ $(($1 % 3)) = 0 ] && observe=true
  cat >"$work/next.conf" <<CONF
listen.http = "127.0.0.1:$port"
telemetry.metrics_port = 0
admin.listen = "$admin"
audit.path = "$work/audit.log"
scanner.observe_only = $observe
limits.body_bytes = $((1000 + $1)) KiB
upstream.max_connections_per_host = $((256 + $1 % 2))
shutdown.drain = 1 s
routes = [
  { host_prefix = "127", backend = "http://127.0.0.1:$((port + 2 + $1 % 2))" }
  { host_prefix = "localhost", backend = "http://127.0.0.1:$((port + 4))", websocket = true }
]
CONF
  mv "$work/next.conf" "$work/sunbeam.conf"
}
configure 0
"$root/sunbeam" serve --config "$work/sunbeam.conf" >"$work/sunbeam.log" 2>&1 &
pids+=($!)
for _ in $(seq 600); do curl -sfo /dev/null "http://$admin/ready" && break; sleep 0.2; done

# Half load: half of the connections that a closed loop needs to fill it, each at its own pace.
cat >"$work/half.lua" <<LUA
local pause = tonumber(os.getenv("PAUSE"))
if pause and pause > 0 then delay = function() return pause end end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("requests=%d failed=%d p99_us=%d\n", summary.requests,
    e.connect + e.read + e.write + e.timeout + e.status, latency:percentile(99)))
end
LUA
url=http://127.0.0.1:$port/
wrk -t1 -c16 -d20s -s "$work/half.lua" "$url" >/dev/null # until the compiler is done
rate() { # pause in ms: requests a second
  PAUSE=$1 wrk -t1 -c16 -d5s -s "$work/half.lua" "$url" | sed -n 's/^requests=\([0-9]*\) .*/\1/p' | awk '{ print int($1 / 5) }'
}
full=$(rate 0)
pause=$((2 * 16 * 1000 / full)) # twice as long from one request to the next, were it not for the time that the request takes
while [ "$pause" -gt 1 ] && [ "$(rate "$pause")" -lt $((full * 45 / 100)) ]; do pause=$((pause - 1)); done
echo "full load: $full requests a second; pause between requests: ${pause} ms"
touch "$work/hold"
"$java" "$root/bench/Sockets.java" hold "ws://localhost:$port/" 16 "$work/hold" >"$work/sockets.txt" 2>&1 &
sockets=$!
pids+=("$sockets")
sleep 2
PAUSE=$pause wrk -t1 -c16 -d"${seconds}s" -s "$work/half.lua" "$url" >"$work/wrk.txt" &
load=$!
sleep 1
for i in $(seq $reloads); do
  configure "$i"
  curl -sS -o "$work/reload.json" -X POST "http://$admin/reload"
  grep -q '"result":"\(applied\|unchanged\)"' "$work/reload.json" || { cat "$work/reload.json"; exit 1; }
  sleep "$(awk "BEGIN { print ($seconds - 3) / $reloads / 2 }")"
done
wait $load
rm "$work/hold"
wait $sockets
sent=$(sed -n 's/^requests=\([0-9]*\) .*/\1/p' "$work/wrk.txt")
tail -1 "$work/wrk.txt"
echo "load: $((sent * 100 / seconds / full)) % of the full one"
cat "$work/sockets.txt"
changes=$(grep -c 'Configuration taken over' "$work/sunbeam.log")
echo "reloads taken over: $changes"
grep -q ' failed=0 ' "$work/wrk.txt" && grep -Fq 'ends={held=16}' "$work/sockets.txt" && [ "$changes" -ge $reloads ]
