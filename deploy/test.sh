#!/usr/bin/env bash
# Set up, check, test. Arguments go to pytest in place of the whole suite: deploy/test.sh tests/core -k calendar
# With a server of its own in front, the same on PostgreSQL: deploy/postgres.sh deploy/test.sh tests/core
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
bash deploy/setup.sh --test
keep_compiled
if [[ $# -gt 0 ]]; then exec "$BIN/pytest" "$@"; fi

# What is drawn by chance is drawn by the code: the same code meets the same cases wherever it is tested (tests/chance.py).
export CHENGNUO_SEED=${CHENGNUO_SEED:-$(find . -path ./.venv -prune -o -path ./var -prune -o -name '*.py' -print0 | LC_ALL=C sort -z | xargs -0 cat | cksum | cut -d' ' -f1)}
say "seed $CHENGNUO_SEED"

# suite NAME COMMAND…: the tests without the browser, in one process that needs one core; long lists are shared
# (tests/share.py); what was run is written down. That an assertion says what it compared costs twenty seconds of a cold
# start, so only the tests that failed are asked again with it; it stays a failure.
suite() {
  local record=$VAR/tests-$1.xml failed=$VAR/failed-$1 status=0
  shift
  rm -rf "$record" "${record%.xml}.left" "$failed"
  local asked=(env CHENGNUO_SHARED=1 "$@" "$BIN/pytest" -o cache_dir="$(realpath -m "$failed")" -m "not browser and not hunt" --hypothesis-seed="$CHENGNUO_SEED")
  "${asked[@]}" --assert=plain --junitxml="$record" || status=$?
  if [[ $status -eq 1 ]]; then
    say "what failed, asked once more (${record##*/})"
    "${asked[@]}" --last-failed --last-failed-no-failures none || true
  fi
  return "$status"
}

# later COMMAND…: beside what follows, in a group of its own; `finish` waits for it, shows what it said, and ends where
# it failed
BESIDE=
later() {
  set -m
  "$@" >"$VAR/beside.log" 2>&1 &
  BESIDE=$!
  set +m
}
finish() {
  local status=0
  wait "$BESIDE" || status=$?
  BESIDE=
  cat "$VAR/beside.log"
  return "$status"
}
trap '[[ -z $BESIDE ]] || kill -INT -- "-$BESIDE" 2>/dev/null || true' EXIT

# Each database in a process of its own, side by side: what a process needs before its first test is paid once for each.
# The browser tests begin when the first is done, the longest first, the others beside it; what fails is told at the end.
later suite postgres bash deploy/postgres.sh
say "tests on SQLite (on PostgreSQL beside them)"
suite sqlite env -u DATABASE_URL
say "checks"
bash deploy/check.sh
failed=0
say "browser tests"
env -u DATABASE_URL CHENGNUO_SHARED=1 DJANGO_ALLOW_ASYNC_UNSAFE=true "$BIN/pytest" -n 2 --dist load --maxschedchunk=1 -m "browser and not hunt" tests/e2e || failed=1
say "tests on PostgreSQL"
finish
"$BIN/python" deploy/same_tests.py "$VAR/tests-sqlite.xml" "$VAR/tests-postgres.xml"
exit "$failed"
