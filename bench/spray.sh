#!/usr/bin/env bash
# New addresses as fast as they go, in a trusted X-Forwarded-For: is a blocked attacker forgotten, and what does a visitor wait?   bench/spray.sh DIR [ROUNDS TRACKED]
# Sunbeam and nginx (realip, limit_req) in turns of TURN_SECONDS (60). A table of TRACKED addresses (default 65,536) is as full of the 4,000 or so a second that
# two cores manage as the usual one is of 16,700. Needs wrk, nginx, curl and a JDK 25 in JAVA_HOME.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
rounds=${2:-2}
tracked=${3:-65536}
seconds=${TURN_SECONDS:-60}
port=$((21000 + RANDOM % 8000))
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true' EXIT

# shellcheck source=SCRIPTDIR/nginx.sh
. "$root/bench/nginx.sh"
upstream "server { listen 127.0.0.1:$port; return 200 \"hello\\n\"; }" origin
declare -A ports=([sunbeam]=$((port + 1)) [nginx]=$((port + 2)))
upstream "upstream origin { server 127.0.0.1:$port; keepalive 16; }
  set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;
  limit_req_zone \$binary_remote_addr zone=clients:10m rate=20r/s; limit_req_status 429; limit_req_log_level info;
  server { listen 127.0.0.1:${ports[nginx]}; limit_req zone=clients burst=40 nodelay;
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\"; } }" peer
cat >"$work/sunbeam.conf" <<CONF
listen.http = "127.0.0.1:${ports[sunbeam]}"
telemetry.metrics_port = $((port + 3))
admin.listen = "127.0.0.1:0"
audit.path = "$work/audit.log"
trusted_proxy_cidrs = ["127.0.0.0/8"]
ddos { max_tracked = $tracked }
routes = [{ host_prefix = "127", backend = "http://127.0.0.1:$port" }]
CONF
"$root/sunbeam" serve --config "$work/sunbeam.conf" >"$work/sunbeam.log" 2>&1 &
pids+=($!)
for _ in $(seq 600); do grep -q 'Serving HTTP' "$work/sunbeam.log" && break; sleep 0.2; done

cat >"$work/spray.lua" <<'LUA'
math.randomseed(os.time())
local random = math.random
request = function()
  return "GET /articles/" .. random(40) .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: " .. random(1, 223) .. "." .. random(0, 255) .. "."
    .. random(0, 255) .. "." .. random(0, 255) .. "\r\n\r\n"
end
LUA
turn() { # server, seconds
  wrk -t1 -c8 -d"$2s" -s "$work/spray.lua" "http://127.0.0.1:${ports[$1]}/" >"$work/spray.out" &
  local spray=$!
  printf '%s, ' "$1"
  "$JAVA_HOME/bin/java" "$root/bench/Visitors.java" "http://127.0.0.1:${ports[$1]}/" "$2"
  wait "$spray"
  awk '/requests in/ { n = $1 } /Requests\/sec/ { r = $2 } /Non-2xx/ { f = $NF } END { printf "  sprayed %d addresses, %d a second, %d refused\n", n, r, f }' "$work/spray.out"
}
for server in sunbeam nginx; do turn "$server" 20 >/dev/null; done # until the compiler is done
for _ in $(seq "$rounds"); do
  for server in sunbeam nginx; do turn "$server" $seconds; done
done
curl -s "http://127.0.0.1:$((port + 3))/metrics" | grep -E '^sunbeam_ddos_(track|detector_actors|events_dropped|banned)'
