#!/usr/bin/env bash
# The quick checks, each with its name; the first that fails ends them.
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
[[ -x $BIN/ruff ]] || die "the tools for checking are not installed; run: make test (or deploy/setup.sh --test)"

# Settings of a county that is served through https; nothing of the caller's own.
served() {
  env -u DATABASE_URL -u CHENGNUO_DEBUG CHENGNUO_SECRET_KEY=zC4u-only-for-checks-7Qm2VxT9bLkR5sWfJ8hDpE3yNaGtU6oXi \
    CHENGNUO_SITE_URL=https://chengnuo.example CHENGNUO_ALLOWED_HOSTS=chengnuo.example CHENGNUO_DEMO=0 "$@"
}

step() {
  local name=$1 start=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    printf '  ok    %-18s %3d s\n' "$name" "$((SECONDS - start))"
  else
    printf '%s\n' "$output"
    printf '  FAIL  %-18s %s\n' "$name" "$*"
    exit 1
  fi
}

step format "$BIN/ruff" format --check .
step lint "$BIN/ruff" check .
step imports "$BIN/lint-imports" --no-logo
step types served "$BIN/mypy"
[[ ! -d templates ]] || step templates "$BIN/djlint" --lint --quiet templates
step migrations served "$BIN/python" manage.py makemigrations --check --dry-run
step deployment served "$BIN/python" -W ignore manage.py check --deploy --fail-level WARNING
