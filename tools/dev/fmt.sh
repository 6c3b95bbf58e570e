# ./dev fmt [all]: lays out C++ with clang-format 19, in the files changed since main or in all.

source tools/dev/changed.sh

main() {
  need_packages lint
  local files
  mapfile -t files < <(cpp_files "${1:-changed}")
  [ "${#files[@]}" -gt 0 ] || { say "no C++ file changed since main"; return; }
  clang-format-19 -i "${files[@]}"
  say "laid out ${#files[@]} files"
}
