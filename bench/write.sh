# Writing and growth: `kontor serve` under publishes, against Verdaccio where it can be had. ./dev
# bench write [case...] [options]; bench/write/main.mjs says which.
# needs: kontor_load kontor_fill
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in node npm strace openssl nginx; do
  command -v "$tool" > /dev/null || { echo "needs $tool" >&2; exit 1; }
done
exec timeout 1200 node bench/write/main.mjs "$@"
