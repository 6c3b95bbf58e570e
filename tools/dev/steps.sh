# Steps of a test run: each has a log and a time, goes on when an earlier one failed, and reports
# how many tests passed and failed. The last line of a run is `N passed, N failed`.
#
# A step is a function. It calls count_tests for the tests it ran; one that counted nothing is
# itself one test. It calls skip_step when it cannot apply, note_step for what a reader of the run
# should see. It ends non-zero when something failed.

steps_passed=0
steps_failed=0
steps_failures=()
steps_counts=$KONTOR_LOGS/.counts
steps_skipped=$KONTOR_LOGS/.skipped
steps_notes=$KONTOR_LOGS/.notes

start_steps() {
  mkdir -p "$KONTOR_LOGS"
  SECONDS=0
}

count_tests() { printf '%s %s\n' "$1" "$2" >>"$steps_counts"; }

skip_step() { printf '%s\n' "$*" >"$steps_skipped"; }

note_step() { printf '    %s\n' "$*" | tee -a "$steps_notes"; }

# run_step NAME FUNCTION [arguments]. Never call it where bash ignores `set -e` (if, &&, ||).
run_step() {
  local name=$1 log=$KONTOR_LOGS/${1//[ \/]/-}.log start=$SECONDS status passed failed
  shift
  printf '%-22s ' "$name"
  rm -f "$steps_skipped"
  : >"$steps_counts"
  : >"$steps_notes"
  set +e
  (
    set -eE
    trap say_where ERR
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if [ "$status" -eq 0 ] && [ -f "$steps_skipped" ]; then
    printf 'skipped: %s\n' "$(cat "$steps_skipped")"
    return
  fi
  passed=$(awk '{ n += $1 } END { print n + 0 }' "$steps_counts")
  failed=$(awk '{ n += $2 } END { print n + 0 }' "$steps_counts")
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
  if [ "$status" -eq 0 ] && [ $((passed + failed)) -eq 0 ]; then passed=1; fi
  finish_step "$name" "$log" "$passed" "$failed" $((SECONDS - start))
}

# Without it a command that fails silently would leave an empty log.
say_where() {
  [[ $BASH_COMMAND == return* ]] ||
    printf 'failed at %s:%s: %s\n' "${BASH_SOURCE[1]}" "${BASH_LINENO[0]}" "$BASH_COMMAND"
}

finish_step() {
  local name=$1 log=$2 passed=$3 failed=$4 seconds=$5
  steps_passed=$((steps_passed + passed))
  steps_failed=$((steps_failed + failed))
  printf '%5d passed %3d failed %5d s\n' "$passed" "$failed" "$seconds"
  cat "$steps_notes"
  if [ "$failed" -gt 0 ]; then
    steps_failures+=("$name: $log")
    tail -n 40 "$log" | sed 's/^/    | /'
  fi
}

# start_beside NAME COMMAND...: a run of steps in a process of its own, beside the steps to come and
# behind them in priority. One at a time; it ends with this run at the latest.
start_beside() {
  local name=$1
  shift
  KONTOR_LOGS=$KONTOR_LOGS/$name setsid nice -n 10 "$@" >"$KONTOR_LOGS/$name.txt" 2>&1 </dev/null &
  steps_beside=$!
  trap 'kill -- "-$steps_beside" 2>/dev/null || :' EXIT
}

# join_beside NAME: waits for it, prints its steps and adds what it counted. One that ended without
# its summary is one failure.
join_beside() {
  local text=$KONTOR_LOGS/$1.txt summary
  wait "$steps_beside" || :
  trap - EXIT
  grep -vE '^(took .*|failed: .*|[0-9]+ passed, [0-9]+ failed|)$' "$text" || :
  summary=$(tail -n 1 "$text" | grep -xE '[0-9]+ passed, [0-9]+ failed' || echo '0 passed, 1 failed')
  steps_passed=$((steps_passed + ${summary%% *}))
  summary=${summary#*, }
  steps_failed=$((steps_failed + ${summary%% *}))
  if [ "${summary%% *}" -gt 0 ]; then steps_failures+=("$1: $text"); fi
}

# end_steps: the summary; its status is that of the run.
end_steps() {
  local failure
  rm -f "$steps_counts" "$steps_skipped" "$steps_notes"
  printf '\ntook %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
  for failure in "${steps_failures[@]}"; do printf 'failed: %s\n' "$failure"; done
  printf '%d passed, %d failed\n' "$steps_passed" "$steps_failed"
  [ "$steps_failed" -eq 0 ]
}
