# ./dev serve: the release binary, built if need be, in the caller's folder. ./dev serve edge: the
# registry as a Cloudflare worker under miniflare.

source tools/dev/wasm.sh

main() {
  if [ "${1:-}" = edge ]; then
    serve_edge "${@:2}"
  else
    build_release
    cd "$KONTOR_CALLED_FROM"
    exec "$KONTOR_ROOT/build/kontor" serve "$@"
  fi
}

serve_edge() {
  need_packages build wasm
  need_node
  need_npm tools/edge
  wasm_build
  cd "$KONTOR_CALLED_FROM"
  exec node "$KONTOR_ROOT/tools/edge/serve.mjs" "$@"
}
