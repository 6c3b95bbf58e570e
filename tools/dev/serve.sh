# ./dev serve: the release binary, built if need be, in the caller's folder.

main() {
  build_release
  cd "$KONTOR_CALLED_FROM"
  exec "$KONTOR_ROOT/build/kontor" serve "$@"
}
