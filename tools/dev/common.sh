# Shared by every ./dev command: how it speaks, where things are, how the compiler cache is set.
# Sourced by ./dev with the working directory at the root of the checkout.

say() { printf 'dev: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Downloads that outlive a checkout (source packages, a newer node).
KONTOR_CACHE=${KONTOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kontor}
KONTOR_JOBS=${KONTOR_JOBS:-$(nproc)}
KONTOR_LOGS=${KONTOR_LOGS:-build/logs}

# Objects are shared between checkouts: paths below base_dir are made relative, and the directory
# of the compilation is no part of the key. clang's precompiled headers need the sloppiness.
export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache}
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$KONTOR_ROOT}
export CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_mtime,include_file_ctime}

# Files of the checkout, committed or about to be, that match the given patterns.
checkout_files() { git ls-files --cached --others --exclude-standard --deduplicate -- "$@"; }
