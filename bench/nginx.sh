# A function that starts nginx as an upstream. Sourced. Needs: $work, the array pids; is given the lines of its servers.
# shellcheck shell=bash disable=SC2154

upstream() { # servers
  mkdir -p "$work/nginx"
  cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log; worker_processes 1;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi; uwsgi_temp_path $work/nginx/uwsgi; scgi_temp_path $work/nginx/scgi;
  $1 }
CONF
  nginx -p "$work/nginx" -c "$work/nginx.conf" >"$work/nginx.log" 2>&1 &
  pids+=($!)
}
