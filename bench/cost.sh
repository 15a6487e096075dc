#!/usr/bin/env bash
# What the detectors cost of a proxied request: CPU of the whole process with them off and on, in turns.   bench/cost.sh DIR [ROUNDS]
# Needs wrk and nginx. Each turn is 10 s of what 16 connections get through: GETs of a browser with a cookie and a query, and forms of 300 bytes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
rounds=${2:-5}
port=$((21000 + RANDOM % 8000))
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true' EXIT

# shellcheck source=SCRIPTDIR/nginx.sh
. "$root/bench/nginx.sh"
upstream "server { listen 127.0.0.1:$port; client_max_body_size 0; return 200 \"hello\\n\"; }"

declare -A ports=([off]=$((port + 1)) [scanner]=$((port + 2)) [both]=$((port + 3))) process
detectors() { # off, scanner or both
  [ "$1" = off ] || echo 'scanner {}'
  # every request comes from one address, and none is to be refused
  [ "$1" != both ] || echo 'ddos { observe_only = true }'
}
for kind in off scanner both; do
  { echo "listen.http = \"127.0.0.1:${ports[$kind]}\""
    echo "telemetry.metrics_port = 0"
    echo "admin.listen = \"127.0.0.1:0\""
    echo "audit.path = \"$work/$kind.audit\""
    detectors "$kind"
    echo "routes = [{ host_prefix = shop, backend = \"http://127.0.0.1:$port\" }]"; } >"$work/$kind.conf"
  "$root/sunbeam" serve --config "$work/$kind.conf" >"$work/$kind.log" 2>&1 &
  process[$kind]=$!
  pids+=($!)
  for _ in $(seq 600); do grep -q 'Serving HTTP' "$work/$kind.log" && break; sleep 0.2; done
done

cat >"$work/load.lua" <<'LUA'
local browser = {
  ["Host"] = "shop.example", ["Accept-Language"] = "pt-PT,pt;q=0.9,en;q=0.8", ["Accept-Encoding"] = "gzip, deflate, br",
  ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
  ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ["Referer"] = "https://shop.example/articles",
  ["Cookie"] = "session=0a1b2c3d4e5f; theme=dark; consent=yes", ["Sec-Fetch-Mode"] = "navigate", ["Sec-Fetch-Site"] = "same-origin" }
local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }
for name, value in pairs(browser) do form[name] = value end
local body = "name=Maria+da+Silva&street=Rua+das+Flores+12&city=Porto&note=" .. string.rep("please+ring+twice%2C+", 11)
local get = wrk.format("GET", "/articles/2024/how-to-prune-roses?page=2&sort=newest&q=red+climbing+roses", browser)
local post = wrk.format("POST", "/order", form, body)
request = function() return os.getenv("FORMS") and post or get end
done = function(summary)
  local e = summary.errors
  io.write(string.format("%d %d\n", summary.requests, e.connect + e.read + e.write + e.timeout + e.status))
end
LUA

# The launcher becomes the JVM, so its process is the one that is measured.
ticks() { awk '{ print $14 + $15 }' "/proc/${process[$1]}/stat"; }
turn() { # kind, seconds
  local before after requests failed
  before=$(ticks "$1")
  read -r requests failed < <(wrk -t1 -c16 -d"$2s" -s "$work/load.lua" "http://127.0.0.1:${ports[$1]}/" | tail -1)
  after=$(ticks "$1")
  [ "$failed" = 0 ] || { echo "$failed requests failed ($1)" >&2; exit 1; }
  awk -v ticks=$((after - before)) -v requests="$requests" -v hertz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f\n", ticks / hertz / requests * 1e6 }'
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for what in GET form; do
  [ $what = GET ] && unset FORMS || export FORMS=1
  for _ in 1 2; do
    for kind in off scanner both; do turn "$kind" 15 >/dev/null; : >"$work/$kind.us"; done # until the compiler is done
  done
  for _ in $(seq "$rounds"); do
    for kind in off scanner both; do turn "$kind" 10 >>"$work/$kind.us"; done
  done
  for kind in off scanner both; do
    awk -v what=$what -v kind=$kind -v us="$(median "$work/$kind.us")" -v off="$(median "$work/off.us")" -v all="$(sort -n "$work/$kind.us" | tr '\n' ' ')" \
      'BEGIN { printf "%s, %s: %.1f us of CPU a request, %.2f of off (%s)\n", what, kind, us, us / off, all }'
  done
done
