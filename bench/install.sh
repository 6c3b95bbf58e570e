# Installing: cold `npm ci` from `kontor serve` and from nginx with the same files. ./dev bench install
# [case...] [options]; bench/install/main.mjs says which.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in nginx node npm; do
  command -v "$tool" > /dev/null || { echo "needs $tool" >&2; exit 1; }
done
exec timeout 600 node bench/install/main.mjs "$@"
