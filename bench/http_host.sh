# The HTTP server alone against nginx with the very same bytes: wrk and h2load, interleaved, medians,
# printed as the ratio to nginx. ROUNDS (3), SECONDS_EACH (3) and CASES (a pattern) can be set.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-3} cases=${CASES:-.}
command -v nginx wrk h2load > /dev/null || { echo "needs nginx, wrk and h2load" >&2; exit 1; }
binary=build/bench/http_host_bench
[ -x "$binary" ] || { echo "build the target http_host_bench first" >&2; exit 1; }

work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2> /dev/null
mkdir "$work/data"
chmod 755 "$work" "$work/data"
printf 'd%.0s' $(seq 5000) > "$work/data/p5k"
printf 'd%.0s' $(seq 60000) > "$work/data/p60k"
head -c 30000 /dev/zero | tr '\0' f > "$work/data/f30k"
head -c 1048576 /dev/zero | tr '\0' f > "$work/data/f1m"
cat > "$work/nginx.conf" <<CONF
daemon off; worker_processes 2; pid $work/pid; error_log $work/err warn; user root;
events { worker_connections 8192; }
http {
  default_type application/json; access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_requests 100000000; open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
  open_file_cache_min_uses 1; ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
  ssl_protocols TLSv1.3;
  server { listen 127.0.0.1:9081 reuseport backlog=4096; root $work/data; }
  server { listen 127.0.0.1:9082 ssl http2 reuseport backlog=4096; root $work/data; }
}
CONF
nginx -c "$work/nginx.conf" &
"$binary" 9083 2 > /dev/null &
"$binary" 9084 2 "$work/cert.pem" "$work/key.pem" > /dev/null &
sleep 1

etag() { curl -sI "http://127.0.0.1:$1/p5k" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'; }
rate() {  # tool url...: requests per second
  case $1 in
    wrk) wrk -t2 -c64 -d"${seconds}s" "${@:2}" | awk '/Requests\/sec/ { print $2 }' ;;
    h2) h2load -t2 -c64 -m10 -D "$seconds" "${@:2}" | awk '/^finished/ { print $4 }' ;;
  esac
}
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
compare() {  # name tool nginx-arguments -- our-arguments
  local name=$1 tool=$2 theirs=() ours=() i
  [[ $name =~ $cases ]] || return 0
  shift 2
  while [ "$1" != -- ]; do theirs+=("$1"); shift; done
  ours=("${@:2}")
  : > "$work/theirs"; : > "$work/ours"
  for ((i = 0; i < rounds; i++)); do
    rate "$tool" "${theirs[@]}" >> "$work/theirs"
    rate "$tool" "${ours[@]}" >> "$work/ours"
  done
  awk -v n="$name" -v t="$(median < "$work/theirs")" -v o="$(median < "$work/ours")" \
    'BEGIN { printf "%-22s nginx %9.0f/s  here %9.0f/s  ratio %.2f\n", n, t, o, o / t }'
}

plain() { compare "$1" wrk "http://127.0.0.1:9081/$2" -- "http://127.0.0.1:9083/$2"; }
plain "document 5 KB" p5k
compare "304" wrk -H "If-None-Match: $(etag 9081)" http://127.0.0.1:9081/p5k \
  -- -H "If-None-Match: $(etag 9083)" http://127.0.0.1:9083/p5k
plain "document 60 KB" p60k
plain "file 30 KB" f30k
plain "file 1 MB" f1m
compare "TLS, document 5 KB" wrk https://127.0.0.1:9082/p5k -- https://127.0.0.1:9084/p5k
compare "HTTP/2, document 5 KB" h2 https://127.0.0.1:9082/p5k -- https://127.0.0.1:9084/p5k
