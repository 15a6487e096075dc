#!/usr/bin/env bash
# The first half of the loop in docs/training.md: nginx behind Sunbeam, a real browser, real attack tools, and the audit log of it all.
#   bench/loop/collect.sh DIR                       writes DIR/audit.log and DIR/labels.txt; both detectors only look on
#   OBSERVE_ONLY=false bench/loop/collect.sh DIR    the same traffic, and what is blocked is blocked
# Needs nginx, chromium, curl, sqlmap, wapiti, dirb and wrk (Debian packages of these names). Loopback only; stops what it started.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
for tool in nginx chromium curl sqlmap wapiti dirb wrk; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install $tool" >&2; exit 1; }
done

pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
base=$((20000 + RANDOM % 10000))
origin=$base http=$((base + 1)) metrics=$((base + 2)) debug=$((base + 3))
url=http://127.0.0.1:$http

"$(dirname "$0")/site.sh" "$work/site"
mkdir -p "$work/nginx"
cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types; access_log off;
  client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/f;
  uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  server {
    listen 127.0.0.1:$origin; root $work/site; default_type text/html;
    add_header Set-Cookie "visit=\$request_id; Path=/; HttpOnly";
    location / { try_files \$uri \$uri.html \$uri/index.html =404; }
    location /api/ { default_type application/json; try_files \$uri.json =404; error_page 405 =200 \$uri; }
  }
}
CONF
chmod 755 "$work" && chmod -R a+rX "$work/site"
nginx -e "$work/nginx/error.log" -c "$work/nginx.conf" & pids+=($!)

# Detectors that look on: the log shows what came, whatever today's models make of it.
observe_only=${OBSERVE_ONLY:-true}
cat >"$work/sunbeam.conf" <<CONF
listen.http = "127.0.0.1:$http"
telemetry.metrics_port = $metrics
admin.listen = "127.0.0.1:0"
trusted_proxy_cidrs = ["127.0.0.0/8"]
audit.path = "$work/audit.log"
scanner { enabled = true, observe_only = $observe_only }
ddos { enabled = true, observe_only = $observe_only }
routes = [{ host_prefix = "127", backend = "http://127.0.0.1:$origin" }]
CONF
rm -f "$work/audit.log"
"$root/sunbeam" serve --config "$work/sunbeam.conf" >"$work/serve.log" 2>&1 & pids+=($!)
for _ in $(seq 300); do
  curl -fs -o /dev/null "http://127.0.0.1:$metrics/ready" && break
  kill -0 "${pids[-1]}" || { cat "$work/serve.log" >&2; exit 1; }
  sleep 1
done
lines() { wc -l <"$work/audit.log"; }
did() { sleep 1; printf '%-28s %8d lines\n' "$1" $(($(lines) - before)); before=$(lines); }
before=0

# People: the browser walks over the site, each visitor with a profile of its own. It comes as 127.0.0.1.
for visitor in ${VISITORS:-1 2 3 4}; do
  chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile-$visitor" --remote-debugging-port="$debug" \
    --window-size=1280,900 "$url/tour?visitor=$visitor" >/dev/null 2>&1 &
  browser=$!
  pids+=("$browser")
  for _ in $(seq 90); do
    sleep 1
    grep -q "\"path\":\"/tour-done-$visitor\"" "$work/audit.log" && break
  done
  kill "$browser"; wait "$browser" 2>/dev/null || true
done
did "browser"

# Attackers: each tool says that it comes from an address of its own, which a trusted proxy would say of it.
as() { echo "X-Forwarded-For: 198.51.100.$1"; }
timeout 120 sqlmap -u "$url/item?id=1" --batch --level=2 --risk=1 --threads=2 --headers="$(as 10)" \
  --output-dir="$work/sqlmap" --disable-coloring >"$work/sqlmap.log" 2>&1 || true
did "sqlmap"
timeout 120 wapiti -u "$url/" -H "$(as 20)" -m "sql,xss,exec,file,backup,crlf" --max-scan-time 100 \
  --flush-session -f json -o "$work/wapiti.json" >"$work/wapiti.log" 2>&1 || true
did "wapiti"
timeout 120 dirb "$url/" /usr/share/dirb/wordlists/common.txt -H "$(as 30)" -S -r >"$work/dirb.log" 2>&1 || true
did "dirb"
timeout 60 wrk -t1 -c16 -d5s -H "$(as 40)" "$url/" >"$work/wrk.log" 2>&1 || true
did "wrk"

cat >"$work/labels.txt" <<'LABELS'
127.0.0.1        normal
198.51.100.0/24  attack
LABELS
echo "wrote $work/audit.log ($(lines) lines) and $work/labels.txt"
