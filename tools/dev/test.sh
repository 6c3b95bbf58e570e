# ./dev test [area]: one area, or everything.
#
# The tests of src, fuzz and tests are built with sanitizers (asan, tsan) and without, which is quicker
# to build again (unit; protocol is the part of it labelled so). The suites in tests/process,
# tests/durability, tests/clients and tests/edge run with node against the release binary, whose path
# they find in KONTOR_BINARY.

source tools/dev/steps.sh
source tools/dev/wasm.sh

test_areas=(checkers unit protocol asan tsan sanitized wasm edge process durability durability-long clients)
# Without unit and protocol, whose tests asan runs, and durability-long, of which durability is a short
# form. The sanitized builds take what the others, which often wait, leave of the processors.
default_areas=(checkers wasm process durability clients edge)

main() {
  [ $# -le 1 ] || die "one area at a time: ${test_areas[*]}"
  start_steps
  if [ $# -eq 1 ]; then
    [[ " ${test_areas[*]} " == *" $1 "* ]] ||
      die "there is no area '$1'; there are: ${test_areas[*]}"
    "area_${1//-/_}"
  else
    local area
    need_packages build test wasm
    start_beside sanitized ./dev test sanitized
    for area in "${default_areas[@]}"; do "area_$area"; done
    join_beside sanitized
  fi
  end_steps
}

# The checkers need nothing compiled, so they speak first. Each proves itself on made-up trees.
area_checkers() {
  need_packages test
  local check
  for check in layers sizes hygiene; do
    run_step "check_$check" "tools/check_$check"
    run_step "test_check_$check" python3 "tools/tests/test_check_$check.py"
  done
  run_step test_dev python3 tools/tests/test_dev.py
}

area_unit() {
  need_packages build test
  run_step "unit build" build_all configure_release build
  run_step "unit" run_ctest build
}

area_protocol() {
  need_packages build test
  run_step "protocol build" build_all configure_release build
  run_step "protocol" run_ctest build --label-regex '^protocol$'
}

area_asan() {
  need_packages build test
  run_step "asan build" build_all configure_asan build/asan
  run_step "asan" run_ctest build/asan
}

# Threads live in the adapters and in the server that starts them: the tests of the ones, and the
# golden conversations with the other, are built for ThreadSanitizer.
area_tsan() {
  need_packages build test
  run_step "tsan build" build_all configure_tsan build/tsan kontor_threaded_tests
  run_step "tsan" run_ctest build/tsan --label-regex '^threads$'
}

area_sanitized() {
  area_asan
  area_tsan
}

area_wasm() {
  need_packages build wasm
  need_node
  run_step "wasm" wasm_build_and_measure
}

# The worker under miniflare: its own tests, then those of the native server against it.
area_edge() {
  need_packages build test wasm
  need_node
  need_npm tools/edge
  run_step "edge build" edge_build
  run_step "edge budgets" edge_budgets
  run_step "edge" node_suite tests/edge
  KONTOR_TEST_TARGET=edge run_step "edge golden" run_ctest build --label-regex '^worker$'
  KONTOR_TEST_TARGET=edge run_step "edge clients" node_suite tests/clients
}

edge_budgets() {
  local line
  node bench/edge/budgets.mjs 200 | while IFS= read -r line; do note_step "$line"; done
}

edge_build() {
  wasm_build
  configure_release
  build_targets build --quiet kontor_worker_tests
}

area_process() {
  need_packages build test
  need_node
  run_step "process" node_suite tests/process --test-concurrency="$KONTOR_JOBS"
}

area_durability() {
  need_packages build test
  need_node
  run_step "durability" durability_suite
}

# Many more rounds of what is random, for about half an hour.
area_durability_long() {
  need_packages build test
  need_node
  KONTOR_KILL_ROUNDS=300 KONTOR_POWER_CUTS=200 KONTOR_HISTORIES=200 KONTOR_GC_PUBLISHES=20000 KONTOR_LOG_ROUNDS=200 \
    run_step "durability-long" durability_suite
}

durability_suite() {
  configure_release
  build_targets build --quiet durability_faults
  node_suite tests/durability
}

area_clients() {
  need_packages build test
  need_node
  run_step "clients" node_suite tests/clients
}

build_all() {
  "$1"
  build_targets "$2" --quiet -k 0 "${@:3}"
}

# run_ctest FOLDER [options]: runs the tests there and counts them from ctest's own summary.
run_ctest() {
  local folder=$1 status=0 line
  shift
  ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-22) TSAN_OPTIONS=halt_on_error=1 \
    ctest --test-dir "$folder" --output-on-failure -j "$KONTOR_JOBS" "$@" 2>&1 |
    tee "$folder/ctest.log" || status=$?
  if grep -q '^No tests were found' "$folder/ctest.log"; then
    skip_step "no tests"
    return
  fi
  line=$(grep -oE '[0-9]+ tests failed out of [0-9]+' "$folder/ctest.log" | tail -n 1)
  count_tests $(awk '{ print $6 - $1, $1 }' <<<"$line")
  return "$status"
}

# node_suite FOLDER [node options]: its npm packages, if it names some, then its tests: a quarter of an hour
# at most for each, an hour for all.
node_suite() {
  local folder=$1 tap=$KONTOR_LOGS/.tap status=0
  build_release
  if [ -f "$folder/package.json" ]; then need_npm "$folder"; fi
  KONTOR_BINARY=$KONTOR_ROOT/build/kontor timeout --kill-after=20 3600 \
    node --test --test-timeout=900000 --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" "${@:2}" "$folder"/*.test.mjs ||
    status=$?
  count_tests $(awk '/^# pass / { pass = $3 } /^# (fail|cancelled) / { fail += $3 }
    END { print pass + 0, fail + 0 }' "$tap")
  return "$status"
}
