#!/usr/bin/env bash
# Every benchmark, on SQLite and on a PostgreSQL server of its own that waits for the disk; the figures go to var/bench/.
set -uo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir -p "$VAR/bench"
missed=0
run() {
  local name=$1 database=$2
  shift 2
  say "$name on $database"
  "$@" "$BIN/python" -m "benchmarks.$name" --json "$VAR/bench/$name-$database.json" || missed=1
}
run workdays memory env -u DATABASE_URL
for name in answer projection sweep sheets questionnaire room; do
  run "$name" sqlite env -u DATABASE_URL
  run "$name" postgres env DURABLE=1 bash deploy/postgres.sh
done
exit "$missed"
