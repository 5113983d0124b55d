#!/usr/bin/env bash
# Measures every speed the house promises and prints a table (docs/performance.md). What is
# measured is built into a temporary folder, which goes away afterwards.
#   tools/bench.sh              everything, some six minutes
#   tools/bench.sh short        ratios and page weights only, under three minutes; exits with 1
#                               when one misses its goal three times in a row
#   tools/bench.sh -only pages  one part: writes, events, start, pages, search, observatory, fine, clerk, pocketbase,
#                               rush, visits, posts; -v says more
#                               -only visits -visits 41530000 -rounds 1 counts the whole nation
#                               -only posts -posted 41530000 -rounds 1 has it posted over HTTP
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
go=${GO:-go}
dir=$(mktemp -d)
as=()
bin=""
stop() {
  [ -z "$bin" ] || (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/pg/db" -m fast -s stop) || true
  rm -rf "$dir"
}
trap stop EXIT

# A cluster of its own with fsync on: the one that tests use has it off.
postgres() {
  local found
  found=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)")
  [ -x "$found/initdb" ] || { echo "PostgreSQL is missing: run make setup" >&2; exit 1; }
  mkdir "$dir/pg"
  if [ "$(id -u)" -eq 0 ]; then # initdb refuses root
    chmod 711 "$dir"
    chown postgres "$dir/pg"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$dir/pg")
  fi
  (
    cd /
    "${as[@]}" "$found/initdb" -k --no-sync -A trust -U zhijian -E UTF8 --locale=C.UTF-8 -D "$dir/pg/db" >/dev/null
    "${as[@]}" "$found/pg_ctl" -D "$dir/pg/db" -w -s -l "$dir/pg/log" -o "-k $dir/pg -c listen_addresses='' -c max_connections=400" start
  )
  bin=$found
  "$found/createuser" -h "$dir/pg" -U zhijian bench # the house refuses to be a superuser
  "$found/createdb" -h "$dir/pg" -U zhijian -O bench bench
}

args=("$@")
if [ "${1:-}" = short ]; then
  args=(-short "${@:2}")
fi
[ -e ui/asset/dist/manifest.json ] || { echo "the assets are not built: run make assets" >&2; exit 1; }
CGO_ENABLED=0 "$go" build -pgo=auto -o "$dir/zhijian" ./cmd/zhijian
(cd tools && "$go" build -o "$dir/bench" ./bench)
if [ "${1:-}" != short ]; then
  (cd tools/pocketbase && CGO_ENABLED=0 "$go" build -o "$dir/pocketbase" .)
  npm ci --prefix tools/duckdb --no-audit --no-fund --loglevel=error >/dev/null
  postgres
  args=(-duckdb "$root/tools/duckdb" -pocketbase "$dir/pocketbase" -postgres "postgres://bench@/bench?host=$dir/pg" "${args[@]}")
fi
TMPDIR=$dir GO=$go "$dir/bench" -root "$root" -binary "$dir/zhijian" "${args[@]}"
