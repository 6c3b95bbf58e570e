# The budgets of the worker under miniflare: its size, its memory, its time on the processor and its
# round trips to the database. ./dev bench edge [requests a case]
set -euo pipefail
cd "$(dirname "$0")/.."
exec timeout 600 node bench/edge/budgets.mjs "$@"
