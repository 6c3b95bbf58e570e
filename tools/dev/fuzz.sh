# ./dev fuzz [target] [seconds]: libFuzzer over one target, or every one, with ASan and UBSan.
#
# Seeds come from fuzz/corpus/<target>; what is learnt stays in build/fuzz/corpus/<target>. A finding
# is left in build/fuzz/findings; once mended, add it to fuzz/corpus so that the tests replay it.

main() {
  local target=${1:-} seconds=${2:-60} targets name failed=()
  if [[ $target =~ ^[0-9]+$ ]]; then
    seconds=$target
    target=
  fi
  [[ $seconds =~ ^[0-9]+$ ]] || die "seconds must be a number, not '$seconds'"
  need_packages build test
  configure_fuzz
  build_targets build/fuzz kontor_fuzzers
  mapfile -t targets < <(fuzz_targets "$target")
  [ "${#targets[@]}" -gt 0 ] || die "no fuzz target${target:+ '$target'}; there are: $(fuzz_targets '' | xargs)"
  for name in "${targets[@]}"; do
    fuzz_one "$name" "$seconds" || failed+=("$name")
  done
  [ "${#failed[@]}" -eq 0 ] || die "findings in: ${failed[*]} (see build/fuzz/findings)"
  say "no finding in ${#targets[@]} targets, $seconds s each"
}

# fuzz_targets [name]: the targets cmake knows, without their prefix.
fuzz_targets() {
  local wanted=$1 name
  ninja -C build/fuzz -t targets all | sed -n 's/^fuzz_\([a-z0-9_]*\): phony$/\1/p' | sort -u |
    while read -r name; do
      if [ -z "$wanted" ] || [ "$wanted" = "$name" ]; then printf '%s\n' "$name"; fi
    done
}

fuzz_one() {
  local name=$1 seconds=$2 seeds=()
  mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
  if [ -d "fuzz/corpus/$name" ]; then seeds=("fuzz/corpus/$name"); fi
  say "fuzzing $name for $seconds s"
  ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-22) "build/fuzz/fuzz/fuzz_$name" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/findings/$name-" "build/fuzz/corpus/$name" "${seeds[@]}"
}
