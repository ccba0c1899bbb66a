#!/usr/bin/env bash
# Set up, check, test. Arguments go to pytest in place of the whole suite: deploy/test.sh tests/core -k calendar
# With a server of its own in front, the same on PostgreSQL: deploy/postgres.sh deploy/test.sh tests/core
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
bash deploy/setup.sh --test
if [[ $# -gt 0 ]]; then exec "$BIN/pytest" "$@"; fi

# suite NAME COMMAND…: the tests without the browser; what was run is written down
suite() {
  local record=$VAR/tests-$1.xml
  shift
  rm -f "$record"
  "$@" "$BIN/pytest" -n 2 -m "not browser and not hunt and not doors" --junitxml="$record"
}

say "checks"
bash deploy/check.sh
say "tests on SQLite"
suite sqlite env -u DATABASE_URL
say "tests on PostgreSQL"
suite postgres bash deploy/postgres.sh
"$BIN/python" deploy/same_tests.py "$VAR/tests-sqlite.xml" "$VAR/tests-postgres.xml"
say "the table of doors"
env -u DATABASE_URL "$BIN/pytest" -n 2 --dist load -m doors
# A browser wants the machine for itself, so those tests follow in one process.
if grep -rqs 'mark\.browser' tests; then
  say "browser tests"
  env -u DATABASE_URL DJANGO_ALLOW_ASYNC_UNSAFE=true "$BIN/pytest" -m browser
fi
