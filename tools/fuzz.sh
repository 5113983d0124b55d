#!/usr/bin/env bash
# Runs every fuzz target of the repository for FUZZTIME (20s unless told) and prints one line each. A finding is printed whole,
# its input is left in the package's testdata/fuzz so that `go test` keeps failing on it, and the script ends with 1.
# FUZZ narrows the targets by a regular expression on "package Target".
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
time=${FUZZTIME:-20s}
only=${FUZZ:-.}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Only packages that have a target are built. `go test -list` prints the names of a package and then its "ok" line.
packages=$(grep -rlE '^func Fuzz' --include='*_test.go' --exclude-dir=node_modules --exclude-dir=tools . | xargs -n 1 dirname | sort -u)
if ! $go test -list '^Fuzz' $packages >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
targets=$(awk '/^Fuzz/ { names[++n] = $1 } /^ok/ { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }' "$log" | grep -E "$only" || true)
if [ -z "$targets" ]; then
  echo "no fuzz target fits $only" >&2
  exit 1
fi

failed=0
while read -r package target; do
  if $go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" >"$log" 2>&1; then
    last=$(grep -oE 'execs: [0-9]+' "$log" | tail -n 1 || true)
    printf 'ok    %-32s %-24s %s\n' "$package" "$target" "${last#execs: } inputs"
  else
    failed=1
    printf 'FOUND %-32s %s\n' "$package" "$target"
    cat "$log"
  fi
done <<<"$targets"
exit "$failed"
