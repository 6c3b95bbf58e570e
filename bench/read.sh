# Reading: `kontor serve` against nginx with the very same bytes. ./dev bench read [case...] [options];
# bench/read/main.mjs says which.
# needs: kontor_fill
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in nginx wrk h2load openssl node; do
  command -v "$tool" > /dev/null || { echo "needs $tool" >&2; exit 1; }
done
exec timeout 900 node bench/read/main.mjs "$@"
