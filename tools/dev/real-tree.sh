# ./dev real-tree: takes a real dependency tree from the configured npm registry, publishes it to a
# fresh Kontor and installs it from there with every client. Not part of ./dev test, for it needs
# the registry to be reachable.

main() {
  local script=tests/real_tree/real_tree.mjs
  [ -f "$script" ] || die "$script is not there"
  need_packages build test
  need_node
  build_release
  need_npm tests/clients
  KONTOR_BINARY=$KONTOR_ROOT/build/kontor exec node "$script" "$@"
}
