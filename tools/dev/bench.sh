# ./dev bench [area]: the benchmarks of bench/, or one. An area is a Google Benchmark program
# (kontor_bench in bench/CMakeLists.txt) or a script, bench/<area>.sh, that measures build/kontor or
# the program of bench/<area>_bench.cc; a line "# needs: target..." in it names what else to build.

source tools/dev/wasm.sh

main() {
  local area=${1:-} areas name needs
  need_packages build bench
  mapfile -t areas < <(bench_areas | { if [ -n "$area" ]; then grep -x -- "$area" || true; else cat; fi; })
  [ "${#areas[@]}" -gt 0 ] || die "no benchmark${area:+ '$area'}; there are: $(bench_areas | xargs | grep . || echo none)"
  for name in "${areas[@]}"; do
    say "bench $name"
    if [ "$name" = edge ]; then
      need_packages wasm
      need_node
      need_npm tools/edge
      wasm_build
      bash bench/edge.sh "${@:2}"
    elif [ -f "bench/$name.sh" ]; then
      build_release
      if [ -f "bench/${name}_bench.cc" ]; then build_targets build "${name}_bench" >&2; fi
      read -ra needs < <(sed -n 's/^# needs: //p' "bench/$name.sh") || true
      if [ "${#needs[@]}" -gt 0 ]; then build_targets build "${needs[@]}" >&2; fi
      KONTOR_BINARY=$KONTOR_ROOT/build/kontor bash "bench/$name.sh" "${@:2}"
    else
      configure_release
      build_targets build "bench_$name" >&2
      "build/bench/bench_$name" "${@:2}"
    fi
  done
}

bench_areas() {
  {
    compgen -G 'bench/*.sh' | sed 's#.*/\(.*\)\.sh#\1#' || true
    sed -n 's/^ *kontor_bench(\([a-z0-9_]*\).*/\1/p' bench/CMakeLists.txt
  } | sort -u
}
