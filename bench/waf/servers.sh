# Functions that start what is compared, each on a loopback port; sourced by run. Needs: $work, $root, the array pids.
# shellcheck shell=bash disable=SC2154

# nginx with a configuration of its own below $work; the module that is loaded and the body of "server" are arguments.
nginx_instance() { # name, main directives, http directives
  local dir=$work/$1
  mkdir -p "$dir"
  cat >"$dir/nginx.conf" <<CONF
$2
daemon off; worker_processes 2; pid $dir/pid; error_log $dir/error.log crit;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 10000000; keepalive_timeout 600s; server_tokens off;
  client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  # Above what the rows have: it is the rules that are compared, not nginx's limits.
  client_max_body_size 64m; client_body_buffer_size 1m; client_header_buffer_size 16k; large_client_header_buffers 8 128k;
  $3
}
CONF
  nginx -e "$dir/error.log" -c "$dir/nginx.conf" & pids+=($!)
  started=$!
}

# Answers everything with 200 and says that it was it.
upstream() { # port
  nginx_instance upstream "" "ignore_invalid_headers off; underscores_in_headers on;
  server { listen 127.0.0.1:$1 default_server; add_header X-Upstream yes always; default_type text/plain; location / { return 200 'here'; } }"
}

# nginx before the upstream, without and with ModSecurity and the Core Rule Set at a paranoia level.
plain_nginx() { # name, port, upstream port
  nginx_instance "$1" "" "$(to_upstream "$2" "$3" "")"
}

to_upstream() { # port, upstream port, more
  echo "upstream u { server 127.0.0.1:$2; keepalive 64; keepalive_requests 10000000; }
  server { listen 127.0.0.1:$1 default_server; $3
    location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host \$host; } }"
}

crs() { # name, port, upstream port, paranoia level
  local dir=$work/$1
  mkdir -p "$dir/tmp"
  # Debian's recommended settings, enforcing, without an audit log; the default threshold (5) and nothing excluded.
  sed -e 's/^SecRuleEngine .*/SecRuleEngine On/' -e 's/^SecAuditEngine .*/SecAuditEngine Off/' -e 's/^SecStatusEngine .*/SecStatusEngine Off/' \
    -e "s|^SecTmpDir .*|SecTmpDir $dir/tmp|" -e "s|^SecDataDir .*|SecDataDir $dir/tmp|" -e '/^SecAuditLog /d' \
    -e 's|^SecUnicodeMapFile .*|SecUnicodeMapFile /etc/nginx/unicode.mapping 20127|' /etc/nginx/modsecurity.conf >"$dir/modsecurity.conf"
  [ -e /etc/nginx/unicode.mapping ] || sed -i '/^SecUnicodeMapFile/d' "$dir/modsecurity.conf"
  cat >>"$dir/modsecurity.conf" <<CONF
Include /etc/modsecurity/crs/crs-setup.conf
SecAction "id:900000,phase:1,nolog,pass,t:none,setvar:tx.paranoia_level=$4"
Include /usr/share/modsecurity-crs/rules/*.conf
CONF
  nginx_instance "$1" "load_module modules/ngx_http_modsecurity_module.so;" \
    "modsecurity on; modsecurity_rules_file $dir/modsecurity.conf; $(to_upstream "$2" "$3" "")"
}

sunbeam() { # name, port, upstream port, metrics port, lines of configuration
  local dir=$work/$1
  mkdir -p "$dir"
  cat >"$dir/sunbeam.conf" <<CONF
listen.http = "127.0.0.1:$2"
telemetry.metrics_port = $4
admin.listen = "127.0.0.1:0"
audit.path = "$dir/audit.log"
shutdown.drain = 1s
limits { uri_bytes = 64 KiB, header_bytes = 256 KiB }
routes = [{ host_prefix = "www", backend = "http://127.0.0.1:$3" }]
$5
CONF
  "$root/sunbeam" serve --config "$dir/sunbeam.conf" >"$dir/serve.log" 2>&1 & pids+=($!)
  started=$!
  for _ in $(seq 900); do
    curl -fs -o /dev/null "http://127.0.0.1:$4/ready" && return
    kill -0 "$started" 2>/dev/null || { cat "$dir/serve.log" >&2; exit 1; }
    sleep 1
  done
  echo "$1 did not get ready" >&2; exit 1
}

ready() { # port
  for _ in $(seq 60); do
    curl -s -o /dev/null "http://127.0.0.1:$1/" && return
    sleep 0.5
  done
  echo "nothing answers on port $1" >&2; exit 1
}
