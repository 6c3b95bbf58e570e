# What a read and a publish cost: system calls, syncs, allocations and bytes copied. ./dev bench costs;
# bench/costs/main.mjs says how.
# needs: kontor_load bench_counter
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in node strace wrk; do
  command -v "$tool" > /dev/null || { echo "needs $tool" >&2; exit 1; }
done
exec timeout 300 node bench/costs/main.mjs "$@"
