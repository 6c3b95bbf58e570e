# ./dev lint [all]: layout and clang-tidy 19 over the C++ files changed since main, or over all.
#
# clang-tidy 19 cannot read precompiled headers of clang 22, so it gets a build folder configured
# without them; nothing is compiled there.

source tools/dev/changed.sh

main() {
  need_packages build test lint
  local files
  mapfile -t files < <(cpp_files "${1:-changed}")
  [ "${#files[@]}" -gt 0 ] || { say "no C++ file changed since main"; return; }
  configure_native build/lint -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
  build_targets build/lint --quiet build.ninja
  local failed=0
  lint_layout "${files[@]}" || failed=1
  lint_tidy "${files[@]}" || failed=1
  [ "$failed" -eq 0 ] || die "lint found something to mend"
  say "lint found nothing in ${#files[@]} files"
}

lint_layout() {
  clang-format-19 --dry-run --Werror "$@" || { say "./dev fmt lays these files out"; return 1; }
}

# Headers are checked through the sources that include them (.clang-tidy: HeaderFilterRegex).
lint_tidy() {
  local sources
  mapfile -t sources < <(printf '%s\n' "$@" | grep '\.cc$')
  [ "${#sources[@]}" -gt 0 ] || return 0
  printf '%s\0' "${sources[@]}" |
    xargs -0 -n 1 -P "$KONTOR_JOBS" clang-tidy-19 --quiet -p build/lint \
      2> >(grep -v '^[0-9]* warnings\? generated' >&2)
}
