# Configuring and building the build folders: build (release), build/asan, build/tsan, build/fuzz,
# build/lint, build/wasm. Configuring happens when the folder is new or its options changed;
# ninja runs cmake again by itself when a CMakeLists.txt changed.

# configure FOLDER [cmake options]
configure() {
  local folder=$1 options
  shift
  options="$*"
  if [ -f "$folder/build.ninja" ] && [ -f "$folder/.kontor-options" ] &&
    [ "$(cat "$folder/.kontor-options")" = "$options" ]; then
    return
  fi
  say "configuring $folder"
  mkdir -p "$folder"
  cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" >"$folder/configure.log" 2>&1 || {
    tail -n 40 "$folder/configure.log" >&2
    die "cmake failed; the whole text is in $folder/configure.log"
  }
  printf '%s\n' "$options" >"$folder/.kontor-options"
}

# configure_native FOLDER [cmake options]: our compiler through the compiler cache.
configure_native() {
  local folder=$1
  shift
  configure "$folder" -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
}

configure_release() { configure_native build; }
configure_asan() { configure_native build/asan -DKONTOR_SANITIZE=address; }
configure_tsan() { configure_native build/tsan -DKONTOR_SANITIZE=thread; }
configure_fuzz() { configure_native build/fuzz -DKONTOR_SANITIZE=fuzzer; }

# build_targets FOLDER TARGET...
build_targets() {
  local folder=$1
  shift
  ninja -C "$folder" -j "$KONTOR_JOBS" "$@"
}

# build_release: build/kontor. Ninja speaks on stderr, so that a command's output is its own.
build_release() {
  local quiet=()
  [ -t 2 ] || quiet=(--quiet)
  need_packages build
  configure_release
  build_targets build "${quiet[@]}" kontor >&2
}
