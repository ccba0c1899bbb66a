#!/usr/bin/env bash
# Run a command with a PostgreSQL server of its own: deploy/postgres.sh .venv/bin/pytest tests/core
# The server has a folder of its own, a socket in it and no port; it keeps nothing and ends with the command.
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
[[ $# -gt 0 ]] || die "which command? e.g. deploy/postgres.sh $BIN/pytest tests/core"
PROGRAMS=$(postgres_programs) || die "PostgreSQL 14 or newer is not installed; install it with: apt-get install --no-install-recommends postgresql"
FOLDER=
SERVER=

# The server refuses root. setpriv is in every Debian; the server ends with this script, however that ends.
as=(setpriv --pdeathsig INT)
if [[ $EUID -eq 0 ]]; then
  id postgres >/dev/null 2>&1 || die "there is no user postgres to run the server as (root may not)"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups --pdeathsig INT)
fi

finish() {
  trap - EXIT
  trap '' INT TERM HUP
  if [[ -n $SERVER ]]; then
    kill -INT "$SERVER" 2>/dev/null || true # no new work, open work is cut off
    wait "$SERVER" 2>/dev/null || true
  fi
  [[ -z $FOLDER ]] || rm -rf "$FOLDER"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A short path (a socket's may have 107 characters) that the server's user can enter.
place() {
  local parent
  for parent in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
    FOLDER=$(mktemp -d "$parent/chengnuo-pg.XXXXXX" 2>/dev/null) || continue
    [[ $EUID -ne 0 ]] || chown postgres: "$FOLDER"
    if [[ ${#FOLDER} -lt 80 ]] && "${as[@]}" test -w "$FOLDER"; then return; fi
    rmdir "$FOLDER"
    FOLDER=
  done
  die "no folder for the server: $parent cannot be written"
}

# Chinese names are sorted as in a county's own database, by sound, where the release can do it.
make_cluster() {
  local version locale=(--locale=C.UTF-8)
  version=$("$PROGRAMS/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
  [[ $version -lt 15 ]] || locale+=(--locale-provider=icu --icu-locale=zh-CN)
  (cd "$FOLDER" && "${as[@]}" "$PROGRAMS/initdb" -D "$FOLDER/data" -U chengnuo -A trust -E UTF8 --no-sync "${locale[@]}") \
    >"$FOLDER/initdb.log" 2>&1 || { tail -5 "$FOLDER/initdb.log" >&2; die "the test server's files could not be made"; }
}

# What a crash would lose is of no value here, so nothing waits for the disk; a statement is planned once for all its values
# and joins in the order in which it is written, for the tables are small and a plan of a dozen joins costs more than its
# rows. A benchmark says DURABLE=1, waits, and is planned as in a county.
start_server() {
  local waited lose=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c plan_cache_mode=force_generic_plan
    -c join_collapse_limit=1 -c from_collapse_limit=1)
  [[ -z ${DURABLE:-} ]] || lose=()
  (cd "$FOLDER" && exec setsid "${as[@]}" "$PROGRAMS/postgres" -D "$FOLDER/data" -c unix_socket_directories="$FOLDER" -c listen_addresses= \
    "${lose[@]}" -c max_connections=60 -c shared_buffers=64MB \
    -c wal_level=minimal -c max_wal_senders=0 -c autovacuum_naptime=5min -c jit=off -c log_min_messages=fatal) >"$FOLDER/log" 2>&1 &
  SERVER=$!
  for ((waited = 0; waited < 600; waited++)); do
    if "$PROGRAMS/pg_isready" -q -h "$FOLDER"; then return; fi
    kill -0 "$SERVER" 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$FOLDER/log" >&2
  die "the test server did not start"
}

place
make_cluster
start_server
status=0
DATABASE_URL="postgres://chengnuo@/$FOLDER/postgres" "$@" || status=$?
exit "$status"
