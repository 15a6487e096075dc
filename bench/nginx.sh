# A function that starts an nginx of its own. Sourced. Needs: $work, the array pids; is given what stands in its http section, and a name where there are several.
# shellcheck shell=bash disable=SC2154

upstream() { # servers [name]
  local name=${2:-nginx}
  mkdir -p "$work/$name"
  cat >"$work/$name.conf" <<CONF
daemon off; pid $work/$name/pid; error_log $work/$name/error.log; worker_processes 1;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; client_body_temp_path $work/$name/body; proxy_temp_path $work/$name/proxy;
  fastcgi_temp_path $work/$name/fastcgi; uwsgi_temp_path $work/$name/uwsgi; scgi_temp_path $work/$name/scgi;
  $1 }
CONF
  nginx -p "$work/$name" -c "$work/$name.conf" >"$work/$name.log" 2>&1 &
  pids+=($!)
}
