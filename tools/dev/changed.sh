# Which files `lint` and `fmt` look at.

# base_commit: where this branch left main, or main's parent when there is nothing to compare.
base_commit() { git merge-base HEAD main 2>/dev/null || git rev-parse HEAD; }

# cpp_files changed|all: C++ files of the checkout, those changed since main (committed or not) or all.
cpp_files() {
  case $1 in
    all) checkout_files '*.cc' '*.h' ;;
    changed)
      {
        git diff --name-only --diff-filter=d "$(base_commit)" -- '*.cc' '*.h'
        git ls-files --others --exclude-standard -- '*.cc' '*.h'
      } | sort -u
      ;;
    *) die "say 'all', or nothing for the files changed since main" ;;
  esac
}
