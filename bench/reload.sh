#!/usr/bin/env bash
# 100 reloads of a proxy at half of what it can carry: how many requests fail?   bench/reload.sh DIR [SECONDS]
# Needs wrk, nginx and curl. Exits with 1 where a request failed or a reload was not taken over.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
seconds=${2:-30}
reloads=100
port=$((21000 + RANDOM % 8000))
admin=127.0.0.1:$((port + 1))
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true' EXIT

# Two upstreams that differ in what they answer.
# shellcheck source=SCRIPTDIR/nginx.sh
. "$root/bench/nginx.sh"
upstream "server { listen 127.0.0.1:$((port + 2)); return 200 \"even\\n\"; } server { listen 127.0.0.1:$((port + 3)); return 200 \"odd\\n\"; }"

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
routes = [{ host_prefix = "127", backend = "http://127.0.0.1:$((port + 2 + $1 % 2))" }]
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
full=$(wrk -t1 -c16 -d5s -s "$work/half.lua" "$url" | sed -n 's/^requests=\([0-9]*\) .*/\1/p')
# 16 connections that pause as long as a request takes at full load make about half of it
pause=$((16 * 5 * 1000 / full))
echo "full load: $((full / 5)) requests a second; pause between requests: ${pause:-1} ms"
PAUSE=$((pause > 0 ? pause : 1)) wrk -t1 -c16 -d"${seconds}s" -s "$work/half.lua" "$url" >"$work/wrk.txt" &
load=$!
sleep 1
for i in $(seq $reloads); do
  configure "$i"
  curl -sS -o "$work/reload.json" -X POST "http://$admin/reload"
  grep -q '"result":"\(applied\|unchanged\)"' "$work/reload.json" || { cat "$work/reload.json"; exit 1; }
  sleep "$(awk "BEGIN { print ($seconds - 3) / $reloads / 2 }")"
done
wait $load
cat "$work/wrk.txt"
changes=$(grep -c 'Configuration taken over' "$work/sunbeam.log")
echo "reloads taken over: $changes"
grep -q ' failed=0 ' "$work/wrk.txt" && [ "$changes" -ge $reloads ]
