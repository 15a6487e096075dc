#!/usr/bin/env bash
# The shop of bench/loop, and what else floods and guessers aim at, as files and as nginx's section for it.   site.sh DIR PORT
set -euo pipefail
"$(dirname "$0")/../loop/site.sh" "$1"
head -c 65536 /dev/zero | tr '\0' '.' >"$1/report.html"
head -c 8388608 /dev/zero >"$1/catalogue.pdf"
cat >"$1/login.html" <<'HTML'
<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title><link rel="stylesheet" href="/assets/site.css?v=3">
<form method="post"><input name="user"><input name="password" type="password"><button>Log in</button></form></html>
HTML
cat <<CONF
include /etc/nginx/mime.types;
map \$request_method \$refused { default 0; POST 1; }
server {
  listen 127.0.0.1:$2 backlog=4096; root $1; default_type text/html;
  add_header Set-Cookie "visit=\$request_id; Path=/; HttpOnly";
  location / { try_files \$uri \$uri.html \$uri/index.html =404; error_page 405 =200 \$uri; }
  location /img/ { expires 1h; }
  location /api/ { default_type application/json; try_files \$uri.json =404; error_page 405 =200 \$uri; }
  location = /login { if (\$refused) { return 401 "wrong\n"; } try_files /login.html =404; }
  location = /signin { if (\$refused) { return 200 "wrong\n"; } try_files /login.html =404; }
  location = /old { return 301 /shop; }
  # Waits for all of the body.
  location = /upload { proxy_pass http://127.0.0.1:$2/about; proxy_method GET; }
  # As slow as a page that asks a database for much: half a second.
  location = /report { try_files /report.html =404; limit_rate 128k; limit_rate_after 1; }
}
CONF
