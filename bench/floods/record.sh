#!/usr/bin/env bash
# Records floods, guessers and people at nginx behind Sunbeam, whose detectors only look on.   bench/floods/record.sh DIR
# Writes DIR/TOOL.audit, audit lines as the proxy writes them but for request_id, packs them as DIR/TOOL.audit.xz, and DIR/campaigns.tsv.
# A campaign is one run of a tool. It says Host: TOOL-CAMPAIGN.flood.test, and X-Forwarded-For: an address of its own in 198.51.100.0/24, but where it
# has real ones in 127.0.0.0/8. Needs the Debian packages of the tools named below. Loopback only; stops what it started.
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/bench/floods
work=$(mkdir -p "$1" && cd "$1" && pwd)
for tool in nginx chromium curl wrk ab siege h2load hey httperf ffuf dirb gobuster dirsearch wfuzz nmap hydra slowhttptest socat xz; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install $tool (ab: apache2-utils, h2load: nghttp2-client)" >&2; exit 1; }
done
rm -rf "$work"/*.audit "$work"/*.audit.xz "$work/log"
mkdir -p "$work/log"
# Tools keep settings and caches at home.
export HOME=$work
cd "$work"

pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
base=$((20000 + RANDOM % 10000))
origin=$base port=$((base + 1)) metrics=$((base + 2)) debug=$((base + 3))
url=http://127.0.0.1:$port
# Where those connect that cannot say who they are, each through a relay that gives it an address.
relays=$((base + 10))

# shellcheck source=SCRIPTDIR/../nginx.sh
. "$root/bench/nginx.sh"
upstream "$("$here/site.sh" "$work/site" "$origin")"
chmod 755 "$work" && chmod -R a+rX "$work/site"
cat >"$work/sunbeam.conf" <<CONF
listen.http = "127.0.0.1:$port"
telemetry.metrics_port = $metrics
admin.listen = "127.0.0.1:0"
# Other addresses of 127.0.0.0/8 are clients.
trusted_proxy_cidrs = ["127.0.0.1/32"]
audit { path = "$work/audit.log", feature_sample = 0 }
scanner { observe_only = true }
ddos { observe_only = true }
routes = [{ host_prefix = "*", backend = "http://127.0.0.1:$origin" }]
CONF
rm -f "$work/audit.log"
HOSTNAME=local "$root/sunbeam" serve --config "$work/sunbeam.conf" >"$work/log/serve" 2>&1 & pids+=($!)
for _ in $(seq 300); do
  curl -fs -o /dev/null "http://127.0.0.1:$metrics/ready" && break
  kill -0 "${pids[-1]}" || { cat "$work/log/serve" >&2; exit 1; }
  sleep 1
done

# Built before two of them are started at a time.
"$root/sunbeam" generate-flood --help >"$work/log/help" 2>&1
relay() { socat -lf "$work/log/relays" "TCP4-LISTEN:$((relays + $1)),bind=127.0.0.1,reuseaddr,fork,backlog=128" "TCP4:127.0.0.1:$port,bind=127.30.0.$1" & pids+=($!); }
for number in 1 2 3 4 5 6 7; do relay "$number"; done

# Words, pages and agents for those that take them from files.
words() { head -n "$1" /usr/share/dirb/wordlists/common.txt | grep -v '^$'; }
words 4000 | tail -n 800 >"$work/words"
cat >"$work/pages" <<'LIST'
/
/shop
/item?id=1
/item?id=2
/item?id=5
/search?q=lamp
/search?q=desk+lamp&sort=price
/contact
/about
/blog/
/blog/summer-sale
/blog/new-lamps
/blog/how-to-clean-glass
/login
/old
LIST
cat >"$work/agents" <<'LIST'
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36
Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0
Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko
Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18
LIST
browser=$(head -n 1 "$work/agents")

# Each campaign has a name, and a number that gives it an address.
next() { name=$1 host=$1.flood.test; number=$((number + 1)); from="X-Forwarded-For: 198.51.100.$number"; }
bounded() { # SECONDS COMMAND...; tells where a tool failed, and goes on
  local status=0
  timeout "$1" "${@:2}" >"$work/log/$name" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || echo "$name ended with $status"
}

fast_floods() {
  number=0
  next wrk-raw; bounded 10 wrk -t1 -c2 -d2s -H "Host: $host" -H "$from" "$url/"
  lua() { # NAME KIND CONNECTIONS PAUSE SECONDS
    next "$1"
    KIND=$2 PAUSE=$4 AGENTS=$work/agents PAGES=$work/pages \
      bounded 60 wrk -t1 -c"$3" -d"$5s" -s "$here/wrk.lua" -H "Host: $host" -H "$from" "$url/"
  }
  lua wrk-pages pages 10 100 9
  lua wrk-query query 20 500 20
  lua wrk-form form 10 50 5
  lua wrk-identities identities 30 1000 25

  flood() { next "$1"; bounded 60 ab -H "Host: $host" -H "$from" "${@:2}"; }
  echo 'name=Ann&text=Is+it+brighter+than+40+watts' >"$work/form"
  flood ab-front -n 1000 -c 4 -k "$url/"
  flood ab-asset -n 500 -c 1 -H "User-Agent: $browser" "$url/assets/site.css?v=3"
  flood ab-missing -n 600 -c 2 "$url/wp-login.php"
  flood ab-form -n 700 -c 8 -p "$work/form" -T application/x-www-form-urlencoded "$url/contact"
  flood ab-report -n 500 -c 12 -H "User-Agent: $browser" -C "visit=1" "$url/report"

  sed "s#^#$url#" "$work/pages" >"$work/urls"
  echo "$url/contact POST name=Ann&text=hello" >"$work/posts"
  printf '%s\n' 'verbose = false' 'logging = false' 'show-logfile = false' 'limit = 255' >"$work/siegerc"
  flood() { next "$1"; bounded 60 siege -R "$work/siegerc" -H "Host: $host" -H "$from" "${@:2}"; }
  flood siege-front -b -c 5 -r 150 --no-parser "$url/"
  flood siege-pages -c 20 -d 1 -t 18S -i --no-parser -f "$work/urls"
  flood siege-parts -c 15 -d 0.5 -t 20S -i -A "$browser" -f "$work/urls"
  flood siege-form -c 15 -d 1 -t 18S -f "$work/posts"

  # The proxy speaks no HTTP/2.
  flood() { next "$1"; bounded 60 h2load --h1 --connect-to "127.0.0.1:$port" -B "http://$host:$port" -H "$from" "${@:2}"; }
  flood h2load-front -n 800 -c 4 --rps 40 /
  flood h2load-pages -n 720 -c 10 --rps 4 -i "$work/pages"
  flood h2load-asset -n 800 -c 2 -H "User-Agent: $browser" /img/lamp-3.svg

  flood() { next "$1"; bounded 60 hey -host "$host" -H "$from" "${@:2}"; }
  flood hey-front -n 900 -c 5 -q 20 "$url/"
  flood hey-missing -n 700 -c 20 -q 2 "$url/xmlrpc.php"
  flood hey-form -m POST -T application/x-www-form-urlencoded -d 'name=Ann&text=hello' -n 600 -c 10 -q 6 "$url/contact"
  flood hey-report -n 500 -c 12 -q 2 -H "Accept-Language: en" "$url/report"

  flood() { next "$1"; bounded 60 httperf --server 127.0.0.1 --port "$port" --server-name "$host" --add-header "$from\n" "${@:2}"; }
  flood httperf-front --uri / --rate 50 --num-conns 800 --num-calls 1
  flood httperf-asset --uri /img/lamp-1.svg --rate 10 --num-conns 150 --num-calls 5
  sed '/[?]/d' "$work/pages" >"$work/session"
  flood httperf-pages --wsesslog 60,0.5,"$work/session" --rate 4

  flood() { next "$1"; bounded 60 ffuf -s -mc 999 -H "Host: $host" -H "$from" "${@:2}"; }
  flood ffuf-query -t 20 -p 0.2-0.6 -w "$work/words" -u "$url/search?q=FUZZ"
  flood ffuf-form -t 10 -p 0.05-0.15 -w "$work/words" -X POST -H "Content-Type: application/x-www-form-urlencoded" \
    -d "name=FUZZ&text=hello" -u "$url/contact"
  for _ in $(seq 89); do cat "$work/agents"; done >"$work/many-agents"
  flood ffuf-identities -t 15 -p 0.2-0.4 -mode pitchfork -w "$work/many-agents:AGENT" -w "$work/words:WORD" \
    -H "User-Agent: AGENT" -H "Referer: https://WORD.example/" -b "visit=WORD" -u "$url/shop"
}

many_addresses() {
  accept=(--header "Accept: text/html,*/*;q=0.8" --header "Accept-Language: en-US,en;q=0.5" --header "Accept-Encoding: gzip, deflate")
  flood() { name=$1; bounded 120 "$root/sunbeam" generate-flood --url "$url/" --host "$1.flood.test" "${@:2}"; }
  flood generate-flood-page --addresses 300 --first-address 127.10.0.1 --rate 0.2..2 --seconds 75 --regular --user-agent "$browser"
  flood generate-flood-pages --addresses 1000 --first-address 127.11.0.1 --rate 0.2..0.3 --seconds 75 \
    --paths-from "$work/pages" --user-agents-from "$work/agents" --steady "${accept[@]}"
  flood generate-flood-identities --addresses 300 --first-address 127.12.0.1 --rate 0.2..2 --seconds 75 \
    --paths-from "$work/pages" --user-agents-from "$work/agents" --cookie 'visit={}' --referer 'https://www.{}.example/' "${accept[@]}"
  flood generate-flood-query --addresses 500 --first-address 127.13.0.1 --rate 0.2..1 --seconds 70 \
    --path '/search?q={}' --path '/item?id={}' --user-agents-from "$work/agents" --steady
}

guessers() {
  number=100
  words 1500 >"$work/guesses"
  words 2500 | tail -n 350 >"$work/few-guesses"
  # Takes one field only: the second stands in the first.
  guess() { next "$1"; bounded 90 dirb "$url/" "$2" -r -S "${@:3}" -H "Host: $host"$'\r\n'"$from"; }
  guess dirb-guess "$work/guesses"
  guess dirb-slow "$work/few-guesses" -z 100
  guess() { next "$1"; bounded 90 gobuster dir -q -z -u "$url/" -H "Host: $host" -H "$from" "${@:2}"; }
  guess gobuster-guess -w "$work/guesses"
  guess gobuster-slow -w "$work/few-guesses" -t 2 --delay 200ms --random-agent
  guess() { next "$1"; bounded 90 ffuf -s -H "Host: $host" -H "$from" -u "$url/FUZZ" "${@:2}"; }
  guess ffuf-guess -w "$work/guesses"
  guess ffuf-slow -w "$work/few-guesses" -t 2 -p 0.1-0.3 -H "User-Agent: $browser"
  guess() { next "$1"; bounded 90 dirsearch -q -u "$url/" -H "Host: $host" -H "$from" -e html "${@:2}"; }
  guess dirsearch-guess -w "$work/guesses"
  guess dirsearch-slow -w "$work/few-guesses" --random-agent -t 1 -s 0.1
  guess() { next "$1"; bounded 90 wfuzz --hc 404 -H "Host: $host" -H "$from" "${@:2}" "$url/FUZZ"; }
  guess wfuzz-guess -w /usr/share/wfuzz/wordlist/general/common.txt
  guess wfuzz-slow -t 1 -s 0.12 -w "$work/few-guesses"
  next nmap-enum
  bounded 60 nmap -Pn -n -p "$((relays + 1))" --script "+http-enum" --script-args "http.host=$host" 127.0.0.1

  head -n 900 "$work/guesses" >"$work/passwords"
  # It takes a 401 for another kind of log-in, and gives up.
  login() {
    next "$1"
    bounded 60 hydra -I -l admin -s "$port" "${@:2}" 127.0.0.1 http-post-form \
      "/signin:user=^USER^&password=^PASS^:H=Host\: $host:H=${from/:/\\:}:F=wrong"
  }
  login hydra-login -P "$work/passwords" -t 8
  login hydra-loginslow -P <(head -n 100 "$work/passwords") -t 4 -W 1
  next ffuf-login
  bounded 60 ffuf -s -t 10 -w "$work/passwords" -X POST -d "user=admin&password=FUZZ" -u "$url/login" \
    -H "Content-Type: application/x-www-form-urlencoded" -H "Host: $host" -H "$from" -fc 401
  next wfuzz-login
  bounded 90 wfuzz --hc 401 -t 2 -s 0.2 -w "$work/few-guesses" -d "user=admin&password=FUZZ" -H "Host: $host" -H "$from" "$url/login"
}

# It sets no field: the spelling of the loopback address tells its campaigns apart.
slow_connections() {
  slow() { name=$1; bounded 60 slowhttptest -c 100 -r 20 -l 25 -p 3 "${@:2}"; }
  slow slowhttptest-headers -H -i 5 -u "http://localhost:$((relays + 2))/"
  slow slowhttptest-body -B -i 5 -s 8192 -u "http://127.0.0.1:$((relays + 3))/upload"
  slow slowhttptest-read -X -w 10 -y 20 -n 5 -z 32 -u "http://127.1:$((relays + 4))/catalogue.pdf"
}

people() {
  name=people-addresses
  bounded 240 "$root/sunbeam" generate-people --url "$url/" --host "$name.flood.test" --visitors 60 --addresses 60 \
    --first-address 127.20.0.1 --seconds 200 & 
  local first=$!
  name=people-nat
  bounded 240 "$root/sunbeam" generate-people --url "$url/" --host "$name.flood.test" --visitors 200 --first-address 127.21.0.1 \
    --seconds 200 --seed 43 &
  wait "$first" $!
  local visitor walker
  for visitor in 1 2 3; do
    timeout 90 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile-$visitor" --remote-debugging-port="$debug" \
      --host-resolver-rules="MAP *.flood.test 127.0.0.1" "http://people-chromium.flood.test:$((relays + 4 + visitor))/tour?visitor=$visitor" \
      >"$work/log/chromium-$visitor" 2>&1 &
    walker=$!
    for _ in $(seq 60); do
      sleep 1
      grep -q "\"path\":\"/tour-done-$visitor\"" "$work/audit.log" && break
    done
    kill "$walker" 2>/dev/null || true
    wait "$walker" 2>/dev/null || true
  done
}

# Four at a time, so that the slow ones do not hold up the others.
fast_floods & lanes=($!)
many_addresses & lanes+=($!)
(guessers; slow_connections) & lanes+=($!)
people & lanes+=($!)
pids+=("${lanes[@]}")
wait "${lanes[@]}"
sleep 2

# campaigns.tsv says what each host stands for: the campaign's name, the tool's file, what it does.
awk -v dir="$work" 'match($0, /"host":"[^"]*"/) {
  full = substr($0, RSTART + 8, RLENGTH - 9)
  sub(/:[0-9]+$/, "", full)
  # What is malformed has no host, nor a client; slow heads never become requests, and those of localhost are the tool asking whether we still answer.
  if (full == "-" || full == "localhost") next
  host = full
  if (!sub(/\.flood\.test$/, "", host)) host = "slowhttptest-" host
  tool = host
  if (tool !~ /^people-/) sub(/-[^-]*$/, "", tool)
  if (!campaigns[host]++) {
    kind = "flood"
    if (tool == "generate-flood") kind = "slow-flood"
    if (host ~ /^people-/) kind = "people"
    if (host ~ /-(guess|slow|enum)$/) kind = "path-guessing"
    if (host ~ /-login(slow)?$/) kind = "login-guessing"
    printf "%s\t%s\t%s\n", full, tool, kind | ("sort >" dir "/campaigns.tsv")
  }
  sub(/"request_id":"[^"]*"/, "\"request_id\":\"-\"")
  print > (dir "/" tool ".audit")
}
END { for (host in campaigns) printf "%-28s %7d lines\n", host, campaigns[host] | "sort" }' "$work/audit.log"
xz -9e -k -f "$work"/*.audit
echo "wrote $(cat "$work"/*.audit | wc -l) lines, packed $(cat "$work"/*.audit.xz | wc -c) bytes, to $work"
