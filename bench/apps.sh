# Functions that start what stands behind the proxy: two wikis from Debian packages on PHP's own server, the demo's site and a shop with holes. Sourced.
# Needs: $work, $root, the array pids. Nothing of the system is changed but the packages installed; no service is started.
# shellcheck shell=bash disable=SC2154

need() { # commands or files, then -- and the Debian packages that hold them
  local missing=() packages=()
  while [ "$1" != -- ]; do
    command -v "$1" >/dev/null || [ -e "$1" ] || missing+=("$1")
    shift
  done
  shift
  [ ${#missing[@]} -eq 0 ] && return
  packages=("$@")
  [ "$(id -u)" -eq 0 ] || { echo "missing: ${missing[*]}: apt-get install ${packages[*]}" >&2; exit 1; }
  echo "installing ${packages[*]}" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

answers() { # port, path
  for _ in $(seq 120); do
    curl -s -m 20 -o /dev/null "http://127.0.0.1:$1${2:-/}" && return
    sleep 0.5
  done
  echo "nothing answers on port $1" >&2; exit 1
}

# A process group of its own: the workers do not end with their parent.
php_server() { # name, port, root
  set -m
  PHP_CLI_SERVER_WORKERS=3 php -d opcache.enable_cli=1 -S "127.0.0.1:$2" -t "$3" >"$work/php-$1.txt" 2>&1 & groups+=($!)
  set +m
}

# php8.2-cgi is there to meet "php" without Apache.
dokuwiki() { # port
  need php /usr/share/dokuwiki/doku.php -- dokuwiki php8.2-cgi php-cli php-xml
  local dir=$work/dokuwiki
  if [ ! -e "$dir/conf/local.php" ]; then
    mkdir -p "$dir"
    cp -rL /usr/share/dokuwiki/. "$dir/" 2>/dev/null || true # a link to a file that is not there stays behind
    cp -r /etc/dokuwiki "$dir/conf" 2>/dev/null || true
    rm -f "$dir/conf/acl.auth.php" "$dir/conf/users.auth.php" "$dir/install.php"
    mkdir -p "$dir"/data/{attic,cache,index,locks,log,media,media_attic,media_meta,meta,pages,tmp}
    echo "<?php define('DOKU_CONF', '$dir/conf/'); define('DOKU_MAIN_CONF', '$dir/conf/');" >"$dir/inc/preload.php"
    cat >"$dir/conf/local.php" <<'PHP'
<?php
$conf['title'] = 'Lamps'; $conf['useacl'] = 1; $conf['superuser'] = '@admin'; $conf['updatecheck'] = 0; $conf['savedir'] = DOKU_INC . 'data';
PHP
    printf '*\t@ALL\t8\n' >"$dir/conf/acl.auth.php"
    echo "ann:$(php -r 'echo password_hash("Lamp-and-quay-7", PASSWORD_BCRYPT);'):Ann Quay:ann@example.com:admin,user" >"$dir/conf/users.auth.php"
    echo '<?php $plugins = [];' >"$dir/conf/plugins.local.php"
    printf '====== Lamps ======\n\nOf [[harbour]], [[meadow]] and [[care:glass]].\n\n  * One\n  * Two\n' >"$dir/data/pages/start.txt"
    printf '====== Harbour ======\n\nCopper, "quiet" inside. SELECT the one you like from the [[start|list]].\n' >"$dir/data/pages/harbour.txt"
    printf '====== Meadow ======\n\nA low, wide light; see [[harbour]] & [[care:glass]].\n' >"$dir/data/pages/meadow.txt"
    mkdir -p "$dir/data/pages/care" && printf '====== Glass ======\n\nWarm water; no soap.\n' >"$dir/data/pages/care/glass.txt"
  fi
  php_server dokuwiki "$1" "$dir"
  answers "$1" /doku.php
}

mediawiki() { # port
  need php /usr/share/mediawiki/index.php -- mediawiki php8.2-cgi php-cli php-sqlite3 php-xml php-mbstring
  local dir=$work/mediawiki
  if [ ! -e "$dir/LocalSettings.php" ]; then
    mkdir -p "$dir/db" "$dir/images"
    php /usr/share/mediawiki/maintenance/install.php --dbtype sqlite --dbpath "$dir/db" --confpath "$dir" --server http://127.0.0.1 --scriptpath "" \
      --pass Lamp-and-quay-7 Lamps Ann >"$work/mediawiki-install.log" 2>&1 || { cat "$work/mediawiki-install.log" >&2; exit 1; }
    cat >>"$dir/LocalSettings.php" <<PHP
\$wgServer = 'http://' . (\$_SERVER['HTTP_HOST'] ?? '127.0.0.1');
\$wgUploadDirectory = '$dir/images'; \$wgEnableUploads = true; \$wgCacheDirectory = '$dir/cache'; \$wgJobRunRate = 0;
PHP
    export MW_CONFIG_FILE=$dir/LocalSettings.php
    echo 'Copper, "quiet" inside. See [[Meadow]], and select the one you like.' |
      php /usr/share/mediawiki/maintenance/edit.php -u Ann Harbour >/dev/null
    echo 'A low, wide light. See [[Harbour]] & [[Main Page]].' | php /usr/share/mediawiki/maintenance/edit.php -u Ann Meadow >/dev/null
  fi
  MW_CONFIG_FILE=$dir/LocalSettings.php php_server mediawiki "$1" /usr/share/mediawiki
  answers "$1" /index.php
}

# The proxy in front of one of them, its scanner enforcing; floods are judged per client and not here.
before() { # name, port, upstream port, metrics port
  cat >"$work/$1.conf" <<CONF
listen.http = "127.0.0.1:$2"
telemetry.metrics_port = $4
admin.listen = "127.0.0.1:0"
audit.path = "$work/audit-$1.log"
shutdown.drain = 1s
limits.max_connections = 1024
scanner.enabled = true
routes = [{ host_prefix = "127", backend = "http://127.0.0.1:$3" }]
${SUNBEAM_CONFIG:-}
CONF
  rm -f "$work/audit-$1.log"
  "$root/sunbeam" serve --config "$work/$1.conf" >"$work/serve-$1.txt" 2>&1 & pids+=($!)
  local serve=$!
  for _ in $(seq 900); do
    curl -fs -o /dev/null "http://127.0.0.1:$4/ready" && return
    kill -0 "$serve" 2>/dev/null || { cat "$work/serve-$1.txt" >&2; exit 1; }
    sleep 1
  done
  echo "the proxy before $1 did not get ready" >&2; exit 1
}

# Java targets in one process; a process group of its own, since a signal to Maven alone does not reach it.
targets() { # arguments of BenchTargets
  rm -f "$work/targets.ready"
  set -m
  (cd "$root" && exec mvn -q -B -pl proxy-actors -am test-compile exec:exec@bench-targets "-Dbench.args=$*, ready $work/targets.ready") \
    >"$work/targets.txt" 2>&1 &
  groups+=($!)
  set +m
  for _ in $(seq 900); do
    [ -e "$work/targets.ready" ] && return
    kill -0 "${groups[-1]}" 2>/dev/null || { cat "$work/targets.txt" >&2; exit 1; }
    sleep 1
  done
  echo "the targets did not get ready" >&2; exit 1
}

pids=()
groups=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for group in "${groups[@]}"; do kill -- "-$group" 2>/dev/null || true; done
  for pid in "${pids[@]}" "${groups[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
