#!/usr/bin/env bash
# Every benchmark, on SQLite and on a PostgreSQL server of its own that waits for the disk; the figures go to var/bench/.
set -uo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
mkdir -p "$VAR/bench"
missed=0
run() {
  local name=$1 database=$2 more=()
  shift 2
  [[ $name != round ]] || more=(--viewflow "$OTHER/bin/python")
  [[ $name != pdf || ! -x $OTHER/bin/python ]] || more=(--beside "$OTHER/bin/python")
  say "$name on $database"
  "$@" "$BIN/python" -m "benchmarks.$name" --json "$VAR/bench/$name-$database.json" "${more[@]}" || missed=1
}

# The engine that a round is compared with, and the presses beside ours: an environment of its own, from a lock of its own, which no part of the site
# uses. Where it cannot be had, the round is timed alone and says that the comparison is skipped.
OTHER=$VAR/bench/viewflow
other() {
  local lock
  lock=$(sha256sum requirements/bench.txt | cut -d' ' -f1)
  [[ $(cat "$OTHER/.locked" 2>/dev/null) != "$lock" ]] || return 0
  find_python bench
  rm -rf "$OTHER"
  if "$PYTHON" -m venv "$OTHER" && "$OTHER/bin/pip" install -q --require-hashes -r requirements/bench.txt; then
    printf '%s\n' "$lock" >"$OTHER/.locked"
  else
    rm -rf "$OTHER"
    warn "Viewflow, typst and reportlab could not be installed: rounds and pages are compared with nothing"
  fi
}
other
run workdays memory env -u DATABASE_URL
run pdf memory env -u DATABASE_URL
for name in answer round projection sweep sheets questionnaire room ledger_verify register open_data; do
  run "$name" sqlite env -u DATABASE_URL
  run "$name" postgres env DURABLE=1 bash deploy/postgres.sh
done
exit "$missed"
