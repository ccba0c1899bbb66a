# shellcheck shell=bash
# Shared by setup, run, check and test: where things are, how they speak, what is checked before work begins.
# Every refusal is one line that names what is missing and what to do.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
umask 077 # database, files and keys are read by the one who runs them
VAR=${CHENGNUO_VAR:-var}
VENV=.venv
BIN=$VENV/bin

say() { printf '%s\n' "==> $*"; }
warn() { printf '%s\n' "warning: $*" >&2; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# What Python compiles is kept beside the data, in nobody's source tree: each of many processes starts sooner.
keep_compiled() {
  unset PYTHONDONTWRITEBYTECODE
  PYTHONPYCACHEPREFIX=$(realpath "$VAR")/pycache
  export PYTHONPYCACHEPREFIX
}

# Read .env without letting it override what the caller has set.
load_env() {
  local line name
  if [[ -f .env ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      [[ $line =~ ^[[:space:]]*([A-Z_][A-Z0-9_]*)=(.*)$ ]] || continue
      name=${BASH_REMATCH[1]}
      [[ -n ${!name+set} ]] || export "$name=${BASH_REMATCH[2]}"
    done <.env
  fi
  VAR=${CHENGNUO_VAR:-var}
  HOST=${CHENGNUO_HOST:-127.0.0.1}
  export PORT=${PORT:-8000}
}

# Sets PYTHON to an interpreter of 3.11 or newer. The system's own build comes first wherever it can make an environment:
# it is an optimised build (a plain one on the PATH runs the tests a third slower) and gets the security updates.
find_python() {
  local found=none candidate
  for candidate in ${PYTHON:-/usr/bin/python3 python3 python3.13 python3.12 python3.11}; do
    command -v "$candidate" >/dev/null || continue
    if [[ $candidate == /usr/bin/python3 && $EUID -ne 0 ]] && ! "$candidate" -c 'import ensurepip' 2>/dev/null; then continue; fi
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      PYTHON=$candidate
      return 0
    fi
    found=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
  done
  die "Python 3.11 or newer is needed (found: $found); install it, or name it: make ${1:-run} PYTHON=/path/to/python3.11"
}

# Prints the folder of a PostgreSQL server's programs, of the newest release from 14 on; Debian keeps them off the PATH.
postgres_programs() {
  local folder version best='' newest=13
  for folder in /usr/lib/postgresql/*/bin "$(dirname "$(readlink -f "$(command -v initdb || echo /none/initdb)")")"; do
    [[ -x $folder/initdb && -x $folder/postgres && -x $folder/pg_isready ]] || continue
    version=$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    [[ $version -gt $newest ]] || continue
    newest=$version best=$folder
  done
  [[ -n $best ]] && printf '%s\n' "$best"
}

# need_space DIRECTORY MEGABYTES WHAT
need_space() {
  local free
  free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
  [[ -z $free || $free -ge $2 ]] || die "the disk is too full for $3: $2 MB are needed at $(cd "$1" && pwd), $free MB are free"
}

# The port must be free before anything heavy starts.
need_port() {
  [[ $PORT =~ ^[0-9]+$ && $PORT -ge 1 && $PORT -le 65535 ]] || die "PORT=$PORT is not a port number (1 to 65535)"
  "$PYTHON" - "$HOST" "$PORT" <<'PY' || exit 1
import errno, socket, sys

host, port = sys.argv[1], int(sys.argv[2])
try:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(1)
except OSError as error:
    reason = {errno.EADDRINUSE: "is already in use", errno.EACCES: "is not allowed to this user"}.get(error.errno, f"cannot be opened ({error})")
    sys.exit(f"error: port {port} on {host} {reason}; choose another: make run PORT={port + 1 if port < 65535 else 8000}")
PY
}
