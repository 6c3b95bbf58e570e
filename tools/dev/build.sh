# ./dev build: the release binary.

main() {
  [ $# -eq 0 ] || die "build takes no arguments"
  build_release
  say "built build/kontor ($(du -h build/kontor | cut -f1))"
}
