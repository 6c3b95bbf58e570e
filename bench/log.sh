# The transparency log: what a publish pays for its leaves, leaves integrated a second, proofs in a log
# of a million, memory, and over HTTP the time from a publish to its proof. Reads of checkpoints and
# tiles against nginx: ./dev bench read log-checkpoint log-tile log-entries.
# needs: kontor_log_bench
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d "${TMPDIR:-/tmp}/kontor-log-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
build/bench/kontor_log_bench "$folder/store" "${1:-1000000}" "${2:-4000}"
exec node bench/log/latency.mjs
