#!/usr/bin/env bash
# Set up, load the county and its demonstration, serve. A second start finds all in place and takes seconds.
set -euo pipefail
# shellcheck source=deploy/lib.sh
. "$(dirname "$0")/lib.sh"
load_env
find_python run
need_port
bash deploy/setup.sh
export CHENGNUO_DEMO=${CHENGNUO_DEMO:-1}
steps=()
# Collected files are made again when a source file, or a package that carries some, is newer.
collected=$VAR/static/staticfiles.json
if [[ ! -f $collected || -n $(find static ./*/static "$VENV/.locked-run" -newer "$collected" -print -quit 2>/dev/null) ]]; then
  steps+=(--static)
fi
"$BIN/python" deploy/prepare.py "${steps[@]}"
exec "$BIN/gunicorn" --config deploy/gunicorn.py config.wsgi:application
