#!/usr/bin/env bash
# Set up, check, test. Arguments go to pytest in place of the whole suite: deploy/test.sh tests/core -k calendar
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
bash deploy/setup.sh --test
if [[ $# -gt 0 ]]; then exec "$BIN/pytest" "$@"; fi
say "checks"
bash deploy/check.sh
say "tests"
"$BIN/pytest" -n 2 -m "not browser and not hunt"
# A browser wants the machine for itself, so those tests follow in one process.
if grep -rqs 'mark\.browser' tests; then
  say "browser tests"
  DJANGO_ALLOW_ASYNC_UNSAFE=true "$BIN/pytest" -m browser
fi
