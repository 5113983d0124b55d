#!/usr/bin/env bash
# The white paper of the calibrated nation: simulate, import, compute, verify, compare with the printed figures, and write it as
# HTML and PDF into whitepaper/. Prints the time of each step.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=bin/zhijian out=whitepaper
rm -rf "$out"
mkdir -p "$out"
data=$out/data tables=$out/tables begin=$EPOCHREALTIME

step() { # name, command …
  local from=$EPOCHREALTIME
  "${@:2}" >"$out/$1.log" || { cat "$out/$1.log" >&2; echo "whitepaper: $1 failed" >&2; exit 1; }
  LC_ALL=C awk -v a="$from" -v b="$EPOCHREALTIME" -v n="$1" 'BEGIN { printf "%6.1f s  %s\n", b - a, n }'
}

import() { # year, more …
  local d=$tables/$1 t
  local args=(observatory import --data "$data" --edition "$1" --accounts "$d/accounts.csv" --months "$d/months.csv")
  for t in places indicators roster services outcomes; do args+=("--$t" "$d/$t.csv"); done
  "$bin" "${args[@]}" "${@:2}"
}

paper() {
  "$bin" observatory paper --data "$data" --edition 2015 --out "$out/comparison.md"
  # The table in docs says what it was measured on in its own words; the figures must be the same.
  diff <(grep -v '^Measured on ' docs/whitepaper-2015.md) <(grep -v '^Measured on ' "$out/comparison.md")
}

step simulate     "$bin" observatory simulate --seed 1 --out "$tables"
step import-2014  import 2014
step import-2015  import 2015 --previous 2014
step compute-2014 "$bin" observatory compute --data "$data" --edition 2014
step compute-2015 "$bin" observatory compute --data "$data" --edition 2015
step verify-2014  "$bin" observatory verify --data "$data" --edition 2014
step verify-2015  "$bin" observatory verify --data "$data" --edition 2015
step paper        paper
for lang in zh en; do
  step "html-$lang" "$bin" report --data "$data" --edition 2015 --format html --lang "$lang" --out "$out/whitepaper-$lang.html"
done
# A browser prints on one processor: both languages at once.
printing=()
for lang in zh en; do
  step "pdf-$lang" "$bin" report --data "$data" --edition 2015 --format pdf --lang "$lang" --out "$out/whitepaper-$lang.pdf" &
  printing+=($!)
done
for one in "${printing[@]}"; do wait "$one"; done
LC_ALL=C awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%6.1f s  in all\n", b - a }'
tail -n 1 "$out/paper.log"
ls -l "$out"/whitepaper-*
