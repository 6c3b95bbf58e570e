# The wasm32 build of the core: build/wasm/kontor.wasm and its size. zlib, libsodium and Mbed TLS come
# from their Debian source packages, for no binary package has their C files; they are fetched once and
# kept in the cache.

wasm_gzip_limit=$((1024 * 1024))

wasm_module=build/wasm/kontor.wasm

wasm_build() {
  local zlib sodium mbedtls linked=build/wasm/kontor_linked.wasm
  zlib=$(zlib_source)
  sodium=$(sodium_source)
  mbedtls=$(mbedtls_source)
  configure build/wasm -DKONTOR_WASM=ON -DKONTOR_ZLIB_SOURCE="$zlib" -DKONTOR_SODIUM_SOURCE="$sodium" \
    -DKONTOR_MBEDTLS_SOURCE="$mbedtls" \
    -DCMAKE_TOOLCHAIN_FILE=cmake/wasm32-edge.toolchain.cmake \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  build_targets build/wasm --quiet
  if [ "$linked" -nt "$wasm_module" ]; then
    wasm-opt -Oz --enable-bulk-memory --enable-sign-ext --enable-mutable-globals \
      --enable-nontrapping-float-to-int --enable-tail-call "$linked" -o "$wasm_module"
  fi
}

wasm_build_and_measure() {
  local packed
  wasm_build
  packed=$(gzip -9 <"$wasm_module" | wc -c)
  note_step "$wasm_module: $(stat -c %s "$wasm_module") bytes, $packed gzipped"
  node --no-warnings tests/wasm/smoke.mjs build/wasm/kontor_smoke.wasm
  [ "$packed" -le "$wasm_gzip_limit" ] ||
    die "$wasm_module is over its $wasm_gzip_limit bytes gzipped"
}

# zlib_source: prints the folder with zlib's sources.
zlib_source() {
  local folder=$KONTOR_CACHE/zlib
  if [ ! -f "$folder/inflate.c" ]; then fetch_source_package zlib "$folder"; fi
  printf '%s\n' "$folder"
}

# sodium_source: prints the folder with libsodium's sources.
sodium_source() {
  local folder=$KONTOR_CACHE/libsodium
  if [ ! -d "$folder/src/libsodium" ]; then fetch_source_package libsodium "$folder"; fi
  printf '%s\n' "$folder"
}

# mbedtls_source: prints the folder with Mbed TLS's sources.
mbedtls_source() {
  local folder=$KONTOR_CACHE/mbedtls
  if [ ! -d "$folder/library" ]; then fetch_source_package mbedtls "$folder"; fi
  printf '%s\n' "$folder"
}

# fetch_source_package NAME FOLDER: a Debian source package with Debian's patches, unpacked.
#
# It is asked from the machine's own apt sources, through a private apt state, so that no deb-src
# line and no root are needed; apt verifies it as it does every package. Two suites may list the
# same version while a mirror holds the files in one of them only: after all suites together each
# is tried alone.
fetch_source_package() {
  local name=$1 folder=$2 work lines line
  say "fetching the source package of $name"
  mkdir -p "$KONTOR_CACHE"
  work=$(mktemp -d "$KONTOR_CACHE/.$name.XXXXXX")
  lines=$(source_lines)
  while IFS= read -r line; do
    if download_source_package "$name" "$work" "${line:-$lines}"; then break; fi
  done <<<$'\n'"$lines"
  dpkg-source --no-check -x "$work"/*.dsc "$work/unpacked" >&2 ||
    die "the source package of $name could not be fetched; do this machine's apt mirrors carry sources?"
  rm -rf "$folder"
  mv "$work/unpacked" "$folder"
  rm -rf "$work"
}

download_source_package() {
  local name=$1 work=$2 lines=$3 apt=$KONTOR_ROOT/build/third_party/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  printf '%s\n' "$lines" >"$apt/sources.list"
  local options=(-q -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=
    -o APT::Get::List-Cleanup=0)
  (cd "$work" && apt-get "${options[@]}" update >&2 &&
    apt-get "${options[@]}" source --download-only "$name" >&2)
}

# source_lines: a deb-src line for each suite of Debian that apt knows here.
source_lines() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg option=
  if [ -f "$keyring" ]; then option="[signed-by=$keyring] "; fi
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v option="$option" '$1 == "Debian" { print "deb-src " option $2, $3, $4 }' | sort -u
}
