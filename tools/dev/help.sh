# ./dev help: one line per command.

main() {
  cat <<'TEXT'
usage: ./dev <command> [arguments]

  serve [arguments]          build, then run `kontor serve` on 127.0.0.1:4873 with the arguments
  build                      build the release binary, build/kontor
  test [area]                run one area: checkers unit protocol asan tsan sanitized (asan and tsan)
                             wasm edge process durability durability-long clients; or all but unit
                             and protocol, whose tests are asan's, and durability-long
  bench [area]               build and run the benchmarks, or one of them
  fuzz [target] [seconds]    run every fuzz target, or one, for so long each (60)
  lint [all]                 clang-format and clang-tidy over the files changed since main, or all
  fmt [all]                  lay out the files changed since main, or all
  real-tree                  publish a real dependency tree here and install it with every client
  help                       this text

What is missing is installed first: Debian packages (tools/dev/packages.txt, with sudo unless you
are root) and the npm packages of the tests. Logs of a test run are in build/logs.
Environment: KONTOR_JOBS (parallel jobs), CCACHE_DIR, KONTOR_CACHE (downloads kept for later).
TEXT
}
