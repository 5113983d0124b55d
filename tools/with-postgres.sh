#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL cluster in a temporary folder, reachable at
# ZHIJIAN_TEST_POSTGRES, and ends the cluster afterwards.
set -euo pipefail
bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)")
[ -n "$bin" ] && [ -x "$bin/initdb" ] || { echo "PostgreSQL is missing: run make setup" >&2; exit 1; }
dir=$(mktemp -d)
as=()
if [ "$(id -u)" -eq 0 ]; then # initdb refuses root
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$dir")
fi
stop() {
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$dir/db" -m immediate -s stop) || true
  rm -rf "$dir"
}
trap stop EXIT
(
  cd /
  "${as[@]}" "$bin/initdb" -k --no-sync -A trust -U zhijian -E UTF8 --locale=C.UTF-8 -D "$dir/db" >/dev/null
  "${as[@]}" "$bin/pg_ctl" -D "$dir/db" -w -s -l "$dir/log" \
    -o "-k $dir -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200" start
)
export ZHIJIAN_TEST_POSTGRES="postgres://zhijian@/postgres?host=$dir"
"$@"
