# Installs what a command needs, only when it is missing: Debian packages by group from
# packages.txt, node and npm, and the npm packages of a test folder.

# packages_of GROUP...: the packages of the groups, one a line.
packages_of() {
  local group
  for group in "$@"; do
    sed -e 's/#.*//' tools/dev/packages.txt | awk -v group="$group" '$1 == group { print $2 }'
  done | sort -u
}

# missing_of PACKAGE...: those that dpkg does not list as installed.
missing_of() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    awk '$1 == "installed" { print $2 }' | sort -u) || true
  comm -23 <(printf '%s\n' "$@" | sort -u) <(printf '%s\n' "$installed")
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "root is needed for: $*; run that as root (or install sudo), then try again"
  fi
}

# need_packages GROUP...: makes sure that the Debian packages of the groups are there.
need_packages() {
  have dpkg-query || die "this needs Debian 12 (dpkg-query is not there)"
  local wanted missing
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_of "${wanted[@]}")
  [ "${#missing[@]}" -eq 0 ] || apt_install "${missing[@]}"
}

apt_install() {
  say "installing Debian packages: $*"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  as_root "${apt[@]}" update >&2 || say "apt-get update failed; trying with the lists that are there"
  as_root "${apt[@]}" install --no-install-recommends "$@" >&2 ||
    die "apt-get could not install: $*. On Debian 12 all of them are in the main and security suites; see that both are among apt's sources."
}

node_major() {
  local version
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  printf '%s' "${version%%.*}"
}

# need_node: node 20 or newer and npm on the PATH. A machine's own are taken when new enough;
# Debian 12 has node 18, so after it a newer one from the npm registry is kept in the cache.
need_node() {
  local private=$KONTOR_CACHE/node/node_modules/.bin
  if have npm && [ "$(node_major)" -ge 20 ]; then return; fi
  if [ ! -x "$private/node" ] || [ ! -x "$private/npm" ]; then
    have npm || apt_install nodejs npm ca-certificates
    local arch
    case $(uname -m) in
      x86_64) arch=x64 ;;
      aarch64) arch=arm64 ;;
      *) die "install node 20 or newer by hand: there is no ready one for $(uname -m)" ;;
    esac
    say "there is no node 20 or newer here: installing node 22 and npm 11 into $KONTOR_CACHE/node"
    mkdir -p "$KONTOR_CACHE/node"
    npm install --prefix "$KONTOR_CACHE/node" --no-audit --no-fund --loglevel=error \
      "node-linux-$arch@22" npm@11 >&2 || die "npm could not install node 22"
  fi
  PATH=$private:$PATH
  export PATH
}

say_old_npm() {
  local version
  version=$(npm --version 2>/dev/null) || version=0
  [ "${version%%.*}" -ge 10 ] ||
    say "npm $version is older than 10; it only installs the tests' own clients, which bring newer ones"
}

# need_npm FOLDER: npm install in FOLDER when its package.json (or lock file) changed since.
need_npm() {
  local folder=$1 stamp=$1/node_modules/.kontor-stamp sum command
  sum=$(find "$folder" -maxdepth 1 -name 'package*.json' | sort | xargs cat | sha256sum)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return; fi
  need_node
  say_old_npm
  command=(npm install --no-package-lock)
  if [ -f "$folder/package-lock.json" ]; then command=(npm ci); fi
  say "installing npm packages in $folder"
  (cd "$folder" && "${command[@]}" --no-audit --no-fund --loglevel=error >&2) ||
    die "npm could not install the packages of $folder/package.json"
  mkdir -p "$folder/node_modules"
  printf '%s\n' "$sum" >"$stamp"
}
