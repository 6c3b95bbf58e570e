# Publishing to the Ori registry: archives of 100 KB a second, inspected in processes of their own
# and in place. ./dev bench ori [archives] [connections]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v node > /dev/null || { echo "needs node" >&2; exit 1; }
exec timeout 600 node bench/ori/publish.mjs "$@"
